import multiprocessing as mp
import sys


def w(q):
    while q.get() is not None:
        pass


def main():
    q = mp.Queue()
    p = mp.Process(target=w, args=(q,))
    p.start()
    q.put(lambda: 1)
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
