import multiprocessing as mp
import sys


def w(l):
    with l:
        pass


def main():
    l = mp.RLock()
    with l:
        p = mp.Process(target=w, args=(l,))
        p.start()
        p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
