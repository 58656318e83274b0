import multiprocessing as mp
import sys
import time


def w(a, b):
    with a:
        time.sleep(0.4)
        with b:
            pass


def main():
    with mp.Manager() as m:
        a, b = m.Lock(), m.Lock()
        ps = [mp.Process(target=w, args=x) for x in ((a, b), (b, a))]
        [p.start() for p in ps]
        [p.join() for p in ps]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
