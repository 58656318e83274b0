import multiprocessing as mp
import sys
import time


def w(q, go):
    while True:
        q.put("x" * 100)


def main():
    q = mp.Queue()
    e = mp.Event()
    p = mp.Process(target=w, args=(q, e))
    p.start()
    for _ in range(100):
        q.get()
    time.sleep(0.5)
    p.terminate()
    p.join()
    while True:
        q.get()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
