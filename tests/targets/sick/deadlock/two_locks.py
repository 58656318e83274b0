"""Two workers take two locks in opposite order.

finds: deadlock
says: jobs_lock | results_lock | mover | sorter
"""

import multiprocessing as mp
import sys
import time


def mover(jobs_lock, results_lock, ready):
    with jobs_lock:
        ready.wait()
        with results_lock:
            time.sleep(0.01)


def sorter(jobs_lock, results_lock, ready):
    with results_lock:
        ready.wait()
        with jobs_lock:
            time.sleep(0.01)


def main():
    jobs_lock, results_lock, ready = mp.Lock(), mp.Lock(), mp.Barrier(2)
    people = [
        mp.Process(target=work, name=work.__name__, args=(jobs_lock, results_lock, ready))
        for work in (mover, sorter)
    ]
    for each in people:
        each.start()
    for each in people:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
