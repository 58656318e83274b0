import multiprocessing as mp
import sys

ev = None


def init(e):
    global ev
    ev = e


def a():
    ev.wait()


def b():
    ev.set()


def main():
    e = mp.Event()
    with mp.Pool(2, init, (e,)) as p:
        r = [p.apply_async(a), p.apply_async(a), p.apply_async(b)]
        [x.get() for x in r]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
