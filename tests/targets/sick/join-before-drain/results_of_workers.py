"""Main joins its workers before it takes their large results out of the queue.

finds: join-before-drain
says: results | counter-1
"""

import multiprocessing as mp
import sys


def count(number, results):
    results.put({"part": number, "rows": [f"row {row} of {number}" for row in range(9000)]})


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    results = mp.Queue()
    workers = [
        mp.Process(target=count, args=(number, results), name=f"counter-{number}")
        for number in (1, 2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(sum(len(results.get()["rows"]) for _ in workers))
