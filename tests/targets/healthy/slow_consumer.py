"""A producer is far ahead of a slow consumer for some seconds; a limit holds it for another."""

import multiprocessing as mp
import sys
import time


def produce(jobs, few, count):
    for number in range(count):
        jobs.put(number)
        few.put(number)
        time.sleep(0.001)
    jobs.put(None)
    few.put(None)


def consume(jobs, pause):
    while jobs.get() is not None:
        time.sleep(pause)


def main():
    jobs, few = mp.Queue(), mp.Queue(maxsize=10)
    people = [
        mp.Process(target=produce, args=(jobs, few, 900)),
        mp.Process(target=consume, args=(jobs, 0.004)),
        mp.Process(target=consume, args=(few, 0.002)),
    ]
    for each in people:
        each.start()
    for each in people:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
