import multiprocessing as mp
import sys


def f(q):
    q.put(1)


def main():
    q = mp.Queue()
    with mp.Pool(2) as p:
        p.apply_async(f, (q,))
        print(q.get())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
