import multiprocessing as mp
import sys


def w(b, n):
    if n == 1:
        raise ValueError("bad input")
    b.wait()


def main():
    b = mp.Barrier(3)
    ps = [mp.Process(target=w, args=(b, n)) for n in range(3)]
    [p.start() for p in ps]
    [p.join() for p in ps]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
