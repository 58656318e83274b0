import multiprocessing as mp
import sys
import time


def prod(l, q):
    with l:
        for i in range(5):
            q.put(i)


def cons(l, q):
    for i in range(5):
        with l:
            q.get()


def main():
    l = mp.Lock()
    q = mp.Queue(2)
    c = mp.Process(target=cons, args=(l, q))
    c.start()
    time.sleep(0.3)
    p = mp.Process(target=prod, args=(l, q))
    p.start()
    p.join()
    c.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
