import multiprocessing as mp
import sys
from multiprocessing.connection import Listener


def client(addr, e):
    raise RuntimeError("no config")


def main():
    l = Listener(("127.0.0.1", 0))
    p = mp.Process(target=client, args=(l.address, None))
    p.start()
    l.accept()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
