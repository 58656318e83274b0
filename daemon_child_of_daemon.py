import multiprocessing as mp
import sys


def inner():
    pass


def outer():
    p = mp.Process(target=inner)
    p.start()
    p.join()


def main():
    p = mp.Process(target=outer, daemon=True)
    p.start()
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
