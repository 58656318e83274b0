import multiprocessing as mp
import sys


def w(q):
    for _ in range(3):
        q.get()


def main():
    q = mp.Queue(2)
    p = mp.Process(target=w, args=(q,))
    p.start()
    for i in range(10):
        q.put(i)
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
