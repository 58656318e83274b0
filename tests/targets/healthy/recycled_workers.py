"""A pool whose workers are replaced after each task; the last tasks are long."""

import multiprocessing as mp
import sys
import time


def nap(seconds):
    time.sleep(seconds)
    return seconds


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with mp.Pool(2, maxtasksperchild=1) as pool:
        print(pool.map(nap, [0.05, 0.05, 0.05, 2.5, 2.5], chunksize=1))
