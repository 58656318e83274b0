import multiprocessing as mp
import sys
import threading


def w(q):
    while q.get() is not None:
        pass


def feed(q):
    for i in range(3):
        q.put(i)
    raise RuntimeError("feeder")


def main():
    q = mp.Queue()
    p = mp.Process(target=w, args=(q,))
    p.start()
    t = threading.Thread(target=feed, args=(q,))
    t.start()
    t.join()
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
