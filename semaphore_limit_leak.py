import multiprocessing as mp
import sys
import time

sem = None


def w(s, n):
    s.acquire()
    if n % 2:
        return
    time.sleep(0.2)
    s.release()


def main():
    s = mp.Semaphore(2)
    ps = [mp.Process(target=w, args=(s, n)) for n in range(6)]
    [p.start() for p in ps]
    [p.join() for p in ps]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
