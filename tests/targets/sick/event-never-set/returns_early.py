"""A server that finds no port returns before it says that it is ready.

finds: event-never-set
says: ready | server | Nobody has ever set it
"""

import multiprocessing as mp
import sys


def serve(ports, ready):
    port = next((each for each in ports if each > 1024), None)
    if port is None:
        print("no port is free", flush=True)
        return
    ready.set()


def main():
    ready = mp.Event()
    server = mp.Process(target=serve, args=([80, 443], ready), name="server")
    server.start()
    ready.wait()
    print("serving")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
