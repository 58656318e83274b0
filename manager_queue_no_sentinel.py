import multiprocessing as mp
import sys


def cons(q):
    while q.get() is not None:
        pass


def main():
    with mp.Manager() as m:
        q = m.Queue()
        p = mp.Process(target=cons, args=(q,))
        p.start()
        for i in range(3):
            q.put(i)
        p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
