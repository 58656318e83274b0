"""Jobs and results go through small queues; a thread of main puts the jobs in."""

import multiprocessing as mp
import sys
import threading
import time


def work(jobs, results):
    while True:
        job = jobs.get()
        if job is None:
            return
        time.sleep(0.03)
        results.put(job)


def feed(jobs, count, workers):
    for job in range(count):
        jobs.put(job)
    for _ in range(workers):
        jobs.put(None)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    jobs, results = mp.Queue(2), mp.Queue(2)
    workers = [mp.Process(target=work, args=(jobs, results)) for _ in range(2)]
    for worker in workers:
        worker.start()
    feeder = threading.Thread(target=feed, args=(jobs, 60, 2))
    feeder.start()
    for _ in range(60):
        results.get()
        time.sleep(0.05)
    feeder.join()
    for worker in workers:
        worker.join()
