import multiprocessing as mp
import sys


def w(q):
    while True:
        x = q.get()
        y = 10 // (x - 3)
        q.task_done()


def main():
    q = mp.JoinableQueue()
    p = mp.Process(target=w, args=(q,), daemon=True)
    p.start()
    for i in range(6):
        q.put(i)
    q.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
