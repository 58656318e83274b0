import multiprocessing as mp
import sys


def init():
    raise RuntimeError("no licence")


def f(x):
    return x


def main():
    with mp.Pool(2, initializer=init) as p:
        p.map(f, range(4))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
