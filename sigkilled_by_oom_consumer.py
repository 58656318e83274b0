import multiprocessing as mp
import os
import sys


def w(q, out):
    for x in iter(q.get, None):
        if x == 5:
            os.kill(os.getpid(), 9)
        out.put(x)
    out.put(None)


def main():
    q, out = mp.SimpleQueue(), mp.SimpleQueue()
    p = mp.Process(target=w, args=(q, out))
    p.start()
    for i in range(9):
        q.put(i)
    q.put(None)
    for x in iter(out.get, None):
        pass


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
