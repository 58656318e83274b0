import multiprocessing as mp
import os
import sys
import time


def f(x):
    if x == 3:
        os._exit(1)
    time.sleep(0.1)
    return x


def main():
    with mp.Pool(2) as p:
        print(list(p.imap_unordered(f, range(8))))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
