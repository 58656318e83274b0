"""Puts into a queue every few milliseconds, for as many seconds as it is told; another process
gets all of it."""

import multiprocessing
import sys
import time


def consume(jobs):
    while jobs.get() is not None:
        pass


def main():
    jobs = multiprocessing.Queue()
    consumer = multiprocessing.Process(target=consume, args=(jobs,))
    consumer.start()
    end = time.monotonic() + float(sys.argv[1])
    number = 0
    while time.monotonic() < end:
        jobs.put(number)
        number += 1
        time.sleep(0.02)
    jobs.put(None)
    consumer.join()


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # not the default everywhere
    main()
