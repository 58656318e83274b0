"""All workers of a pool and of an executor are in a long first task, and main waits."""

import multiprocessing as mp
import sys
import time
from concurrent.futures import ProcessPoolExecutor


def nap(seconds):
    time.sleep(seconds)
    return seconds


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with mp.Pool(2) as pool, ProcessPoolExecutor(1) as executor:
        later = executor.submit(nap, 4)
        print(pool.map(nap, [3, 3], chunksize=1), later.result())
