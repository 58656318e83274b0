import multiprocessing as mp
import sys


def w(l, n):
    l.acquire()
    if n == 0:
        raise ValueError
    l.release()


def main():
    l = mp.Lock()
    ps = [mp.Process(target=w, args=(l, n)) for n in range(3)]
    ps[0].start()
    ps[0].join()
    [p.start() for p in ps[1:]]
    [p.join() for p in ps]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
