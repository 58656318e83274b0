"""Squares are to come back by a queue that each task is given; main waits for them.

finds: unpicklable-target
says: A task of pool was never sent | multiprocessing.queues.Queue | queue_as_an_argument.py:25
"""

import multiprocessing
import sys


def square(results, number):
    results.put(number * number)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        multiprocessing.set_start_method(sys.argv[1])
    results = multiprocessing.Queue()
    pool = multiprocessing.Pool(2)
    for number in range(5):
        pool.apply_async(square, (results, number))
    pool.close()
    pool.join()
    for _ in range(5):
        print(results.get())
