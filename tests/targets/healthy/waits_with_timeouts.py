"""Everybody waits for what comes late or never, each with a timeout that ends it."""

import multiprocessing as mp
import queue
import sys


def patient(jobs, done, slots):
    try:
        jobs.get(timeout=4)
    except queue.Empty:
        print("nothing to do", flush=True)
    done.wait(0.5)
    slots.acquire(timeout=0.5)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    jobs, done, slots = mp.Queue(), mp.Event(), mp.Semaphore(0)
    people = [mp.Process(target=patient, args=(jobs, done, slots)) for _ in range(3)]
    for each in people:
        each.start()
    for each in people:
        each.join()
