import multiprocessing as mp
import sys


def w(c):
    c.send(b"x" * 1000000)
    c.recv()


def main():
    a, b = mp.Pipe()
    p = mp.Process(target=w, args=(b,))
    p.start()
    a.send(b"y" * 1000000)
    a.recv()
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
