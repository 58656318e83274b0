import multiprocessing as mp
import sys


def w(c):
    x = c.recv()
    c.send(x)


def main():
    a, b = mp.Pipe()
    p = mp.Process(target=w, args=(b,))
    p.start()
    a.recv()
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
