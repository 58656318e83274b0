import multiprocessing as mp
import sys
import time


def w(q):
    while True:
        q.get()


def main():
    q = mp.Queue()
    ps = [mp.Process(target=w, args=(q,)) for _ in range(2)]
    [p.start() for p in ps]
    time.sleep(1)
    ps[0].terminate()
    ps[0].join()
    time.sleep(0.5)
    ps[1].terminate()
    ps[1].join()
    p = mp.Process(target=w, args=(q,))
    p.start()
    q.put(1)
    q.put(None)
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
