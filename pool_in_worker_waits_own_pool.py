import multiprocessing as mp
import os
import sys

pool = None


def f(x):
    return x


def g(q):
    q.put(pool.apply(f, (1,)))


def main():
    global pool
    if mp.get_start_method() != "fork":
        os._exit(0)
    pool = mp.Pool(1)
    q = mp.Queue()
    p = mp.Process(target=g, args=(q,))
    p.start()
    q.get()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
