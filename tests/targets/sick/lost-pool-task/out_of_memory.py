"""A worker of a pool is killed in the middle of a task, as the kernel does where memory runs out.

finds: lost-pool-task
says: render | SIGKILL | never comes | out_of_memory.py:27
"""

import multiprocessing as mp
import os
import signal
import sys
import time


def render(tile):
    time.sleep(0.1)
    if tile == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return tile * tile


def main():
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    tiles = list(range(6))
    print("rendering", len(tiles), "tiles", flush=True)
    with mp.Pool(2) as pool:
        squares = pool.map(render, tiles, chunksize=1)
    print("sum", sum(squares))


if __name__ == "__main__":
    main()
