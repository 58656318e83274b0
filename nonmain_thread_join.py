import multiprocessing as mp
import sys
import threading


def w(q):
    q.get()


def main():
    q = mp.Queue()
    p = mp.Process(target=w, args=(q,))
    p.start()
    t = threading.Thread(target=p.join)
    t.start()
    t.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
