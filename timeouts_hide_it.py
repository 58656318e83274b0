import multiprocessing as mp
import queue
import sys


def w(q):
    while True:
        try:
            q.get(timeout=1)
        except queue.Empty:
            continue


def main():
    q = mp.Queue()
    p = mp.Process(target=w, args=(q,))
    p.start()
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
