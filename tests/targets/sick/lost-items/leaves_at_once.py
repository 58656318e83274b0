"""A worker that was forked by hand leaves by os._exit, as its author read one should.

finds: lost-items
says: results | never sent | os._exit
"""

import multiprocessing as mp
import os
import sys


def measure(results, number):
    for step in range(30):
        results.put((number, step, "x" * 30_000))
    os._exit(0)


def main():
    results = mp.Queue()
    workers = [
        mp.Process(target=measure, args=(results, number), name=f"gauge-{number}")
        for number in range(2)
    ]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    print(len([results.get() for _ in range(60)]))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
