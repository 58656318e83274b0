import multiprocessing as mp
import sys


def s1(a, b):
    for x in iter(a.get, None):
        b.put(x + 1)
    b.put(None)


def s2(b, c):
    for x in iter(b.get, None):
        if x == 5:
            raise KeyError(x)
        c.put(x)
    c.put(None)


def main():
    a, b, c = mp.Queue(), mp.Queue(), mp.Queue()
    ps = [mp.Process(target=s1, args=(a, b)), mp.Process(target=s2, args=(b, c))]
    [p.start() for p in ps]
    for i in range(10):
        a.put(i)
    a.put(None)
    for x in iter(c.get, None):
        pass
    [p.join() for p in ps]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
