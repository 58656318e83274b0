"""Puts an item, gets it and says so, for each line that comes in."""

import multiprocessing
import sys

if __name__ == "__main__":
    queue = multiprocessing.Queue()
    print("ready", flush=True)
    for line in sys.stdin:
        queue.put(line)
        print("got", queue.get().strip(), flush=True)
