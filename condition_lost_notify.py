import multiprocessing as mp
import sys
import time


def cons(c):
    time.sleep(0.5)
    with c:
        c.wait()


def prod(c):
    with c:
        c.notify()


def main():
    c = mp.Condition()
    ps = [mp.Process(target=cons, args=(c,)), mp.Process(target=prod, args=(c,))]
    [p.start() for p in ps]
    [p.join() for p in ps]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
