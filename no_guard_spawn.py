import multiprocessing as mp
import sys


def w():
    pass


if len(sys.argv) > 1:
    mp.set_start_method("spawn", force=True)
p = mp.Process(target=w)
p.start()
p.join()


def main():
    pass


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
