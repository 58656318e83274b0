"""Consumers wait long for a producer that computes, and for one that has not put anything yet."""

import multiprocessing as mp
import sys
import time


def quick(jobs):
    jobs.put("first")


def slow(jobs):
    time.sleep(4)
    for _ in range(3):
        jobs.put(None)


def consume(jobs):
    while jobs.get() is not None:
        pass


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    jobs = mp.Queue()
    people = [mp.Process(target=consume, args=(jobs,)) for _ in range(3)]
    people += [mp.Process(target=work, args=(jobs,)) for work in (quick, slow)]
    for each in people:
        each.start()
    for each in people:
        each.join()
