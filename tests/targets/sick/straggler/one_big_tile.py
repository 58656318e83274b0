"""A picture is rendered tile by tile; nobody noticed that one tile holds all of the trees.

finds: straggler
says: task | render | nothing to do
"""

import multiprocessing as mp
import sys
import time

TREES = 7


def render(tile):
    time.sleep(600 if tile == TREES else 0.01)
    return tile


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with mp.Pool(3) as pool:
        print(len(pool.map(render, range(120), chunksize=1)))
