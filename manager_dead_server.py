import multiprocessing as mp
import sys


def cons(d, e):
    e.wait()
    d["x"] = 1


def main():
    m = mp.Manager()
    e = mp.Event()
    d = m.dict()
    p = mp.Process(target=cons, args=(d, e))
    p.start()
    m.shutdown()
    e.set()
    p.join()
    raise SystemExit(p.exitcode)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
