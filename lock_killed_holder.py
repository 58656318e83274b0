import multiprocessing as mp
import os
import sys
import time


def w(l):
    with l:
        time.sleep(100)


def v(l):
    with l:
        pass


def main():
    l = mp.Lock()
    p = mp.Process(target=w, args=(l,))
    p.start()
    time.sleep(0.7)
    os.kill(p.pid, 9)
    p.join()
    p = mp.Process(target=v, args=(l,))
    p.start()
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
