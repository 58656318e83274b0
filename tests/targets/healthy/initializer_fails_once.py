"""The first workers of a pool cannot connect yet and end; those that replace them can."""

import multiprocessing as mp
import os
import sys
import tempfile
import time


def connect(path):
    if not os.path.exists(path):
        time.sleep(0.2)
        sys.exit(1)


def double(number):
    time.sleep(0.1)
    return number * 2


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "up")
        with mp.Pool(2, connect, (path,)) as pool:
            result = pool.map_async(double, range(6))
            time.sleep(0.3)
            with open(path, "w"):
                pass
            print(result.get())
