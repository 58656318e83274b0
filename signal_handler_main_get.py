import multiprocessing as mp
import signal
import sys


def w(q, e):
    e.wait()


def main():
    q = mp.Queue()
    e = mp.Event()
    p = mp.Process(target=w, args=(q, e))
    p.start()
    signal.signal(signal.SIGTERM, lambda *_: e.set())
    q.get()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
