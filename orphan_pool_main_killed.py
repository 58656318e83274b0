import multiprocessing as mp
import os
import sys
import time


def w():
    time.sleep(30)


def main():
    ps = [mp.Process(target=w) for _ in range(2)]
    [p.start() for p in ps]
    time.sleep(0.5)
    os.kill(os.getpid(), 9)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
