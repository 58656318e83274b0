import multiprocessing as mp
import sys


def w(l, q):
    with l:
        q.put(1)


def main():
    l = mp.Lock()
    q = mp.Queue()
    with l:
        ps = [mp.Process(target=w, args=(l, q)) for _ in range(3)]
        [p.start() for p in ps]
        [p.join() for p in ps]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
