"""Three readers, and one sentinel for all of them.

finds: starved-consumers
says: jobs | sentinels | reader-
"""

import multiprocessing as mp
import sys


def reader(jobs, done):
    while True:
        job = jobs.get()
        if job is None:
            return
        done.put(job * job)


def writer(jobs):
    for number in range(20):
        jobs.put(number)
    jobs.put(None)


def main():
    jobs, done = mp.Queue(), mp.Queue()
    readers = [
        mp.Process(target=reader, args=(jobs, done), name=f"reader-{number}", daemon=True)
        for number in range(3)
    ]
    source = mp.Process(target=writer, args=(jobs,), name="writer")
    for each in (*readers, source):
        each.start()
    print("sum", sum(done.get() for _ in range(20)), flush=True)
    source.join()
    for each in readers:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
