import multiprocessing as mp
import sys


def leaf(e):
    e.wait()


def mid(e):
    p = mp.Process(target=leaf, args=(e,))
    p.start()
    p.join()


def main():
    e = mp.Event()
    p = mp.Process(target=mid, args=(e,))
    p.start()
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
