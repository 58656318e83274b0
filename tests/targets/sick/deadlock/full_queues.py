"""Main puts all jobs in before it takes the first result out; both queues are small.

finds: deadlock
says: jobs | results | worker-1
"""

import multiprocessing as mp
import sys


def work(jobs, results):
    while True:
        job = jobs.get()
        if job is None:
            return
        results.put(job * job)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    jobs, results = mp.Queue(3), mp.Queue(3)
    workers = [
        mp.Process(target=work, args=(jobs, results), name=f"worker-{number}", daemon=True)
        for number in (1, 2)
    ]
    for worker in workers:
        worker.start()
    for job in range(50):
        jobs.put(job)
    for _ in workers:
        jobs.put(None)
    print(sum(results.get() for _ in range(50)))
