import multiprocessing as mp
import sys
from multiprocessing.connection import Client, Listener


def client(addr):
    c = Client(addr)
    c.send(1)
    c.recv()


def main():
    l = Listener(("127.0.0.1", 0))
    p = mp.Process(target=client, args=(l.address,))
    p.start()
    c = l.accept()
    c.recv()
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
