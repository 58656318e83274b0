"""The initializer of a pool reads a file that is not there.

finds: respawn-storm
says: open_map | FileNotFoundError | build.map | again and again
"""

import multiprocessing as mp
import sys

lines = None


def open_map(path):
    global lines
    with open(path) as file:
        lines = file.readlines()


def locate(number):
    return lines[number]


def main():
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with mp.Pool(1, open_map, ("/nonexistent/build.map",)) as pool:
        print(pool.map(locate, range(4)))


if __name__ == "__main__":
    main()
