"""Jobs for workers carry a callback, which is a lambda; main waits until all jobs are done.

finds: unpicklable-item
says: jobs | <lambda> | dict
"""

import multiprocessing as mp
import sys


def serve(jobs):
    while True:
        job = jobs.get()
        job["callback"](job["size"])
        jobs.task_done()


def main():
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    jobs = mp.JoinableQueue()
    for number in range(2):
        mp.Process(target=serve, args=(jobs,), name=f"server-{number}", daemon=True).start()
    for size in (3, 4):
        jobs.put({"size": size, "callback": print})
    jobs.put({"size": 5, "callback": lambda size: print("five", size)})
    jobs.join()


if __name__ == "__main__":
    main()
