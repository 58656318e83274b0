import multiprocessing as mp
import sys


class Err(Exception):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b


def f(x):
    raise Err(1, 2)


def main():
    with mp.Pool(2) as p:
        p.map(f, range(3))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
