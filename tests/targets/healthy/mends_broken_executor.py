"""Tasks may crash their executor; main knows, makes a new one, and goes on with what is left."""

import ctypes
import multiprocessing as mp
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def parse(name):
    if name == "bad":
        ctypes.string_at(0)
    return len(name)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    left = ["a", "bad", "abc"]
    while left:
        with ProcessPoolExecutor(1) as executor:
            name = left.pop(0)
            try:
                print(name, executor.submit(parse, name).result())
            except BrokenProcessPool:
                print(name, "crashes")
