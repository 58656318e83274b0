import multiprocessing as mp
import sys
from concurrent.futures import ProcessPoolExecutor

e = None


def outer(ev):
    ev.wait()
    return 1


def main():
    with mp.Manager() as m, ProcessPoolExecutor(2) as ex:
        ev = m.Event()
        fs = [ex.submit(outer, ev) for _ in range(2)]
        fs.append(ex.submit(ev.set))
        [f.result() for f in fs]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
