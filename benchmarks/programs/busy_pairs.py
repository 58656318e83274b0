"""Pairs of processes that pass items on at a given rate: `busy_pairs.py PAIRS RATE SECONDS`, with
RATE operations a second in all, puts and gets."""

import multiprocessing as mp
import sys
import time


def produce(jobs, rate, seconds):
    total, began, done = int(rate * seconds), time.monotonic(), 0
    while done < total:
        due = min(total, int((time.monotonic() - began) * rate))
        if due == done:
            time.sleep(0.002)
        for number in range(done, due):
            jobs.put(number)
        done = due
    jobs.put(None)


def consume(jobs):
    while jobs.get() is not None:
        pass


if __name__ == "__main__":
    mp.set_start_method("fork")
    pairs, rate, seconds = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    processes = []
    for number in range(pairs):
        jobs = mp.Queue()
        rates = (jobs, rate / pairs / 2, seconds)
        processes.append(mp.Process(target=produce, args=rates, name=f"producer {number}"))
        processes.append(mp.Process(target=consume, args=(jobs,), name=f"consumer {number}"))
    for process in processes:
        process.start()
    for process in processes:
        process.join()
