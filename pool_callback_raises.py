import multiprocessing as mp
import sys


def f(x):
    return x


def main():
    def cb(r):
        raise RuntimeError("callback")

    with mp.Pool(2) as p:
        rs = [p.apply_async(f, (i,), callback=cb) for i in range(4)]
        [r.get() for r in rs]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
