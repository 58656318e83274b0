"""Tiles are rendered much faster than they are written down, and nothing holds the pool up.

finds: results-pile-up
says: pool | imap_unordered | render | KB | slow_writer.py
"""

import itertools
import multiprocessing as mp
import sys
import time


def render(number):
    time.sleep(0.004)
    return number, bytes(3_000)


def write(tile):
    time.sleep(0.05)


def main():
    with mp.Pool(2) as pool:
        for tile in pool.imap_unordered(render, itertools.count()):
            write(tile)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
