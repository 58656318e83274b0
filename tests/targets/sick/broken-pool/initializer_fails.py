"""The initializer of an executor cannot open what it needs.

finds: broken-pool
says: open_index | initializer | BrokenProcessPool
ends: yes
"""

import multiprocessing as mp
import sys
from concurrent.futures import ProcessPoolExecutor

index = None


def open_index(path):
    global index
    with open(path) as file:
        index = file.read().split()


def search(word):
    return index.index(word)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with ProcessPoolExecutor(2, initializer=open_index, initargs=("missing.idx",)) as executor:
        print(list(executor.map(search, ["one", "two", "three"])))
