"""A process for each file, however many there are; taskset leaves the program one processor.

finds: oversubscribed
says: 5 processes compute on 1 processor | scan-
"""

import multiprocessing as mp
import os
import sys

FILES = [f"part-{number}.log" for number in range(5)]


def count_words(name):
    total = 0
    for line in range(400_000_000):
        total += len(f"{name} {line}".split())
    print(name, total)


def main():
    scans = [
        mp.Process(target=count_words, args=(name,), name=f"scan-{name}", daemon=True)
        for name in FILES
    ]
    for each in scans:
        each.start()
    for each in scans:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    main()
