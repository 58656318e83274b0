"""A semaphore counts how many parts are ready; the maker of parts makes fewer than are awaited.

finds: semaphore-exhausted
says: parts_ready | released 3
"""

import multiprocessing as mp
import sys


def make(parts_ready, parts):
    for part in parts:
        if part:
            parts_ready.release()


def main():
    parts = ["wheel", "frame", "", "bell"]
    parts_ready = mp.Semaphore(0)
    maker = mp.Process(target=make, args=(parts_ready, parts), name="maker")
    maker.start()
    for _ in parts:
        parts_ready.acquire()
    print("all parts are there")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
