import multiprocessing as mp
import sys


def setter(e):
    cfg = {}
    cfg["path"]
    e.set()


def waiter(e):
    e.wait()


def main():
    e = mp.Event()
    ps = [mp.Process(target=waiter, args=(e,)) for _ in range(2)] + [
        mp.Process(target=setter, args=(e,))
    ]
    [p.start() for p in ps]
    [p.join() for p in ps]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
