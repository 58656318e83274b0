"""A worker crashes now and then; main sees that by its sentinel and starts another one."""

import multiprocessing as mp
import sys
from multiprocessing.connection import wait


def work(jobs, results):
    for job in iter(jobs.get, None):
        results.put(12 // job)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    jobs, results = mp.SimpleQueue(), mp.SimpleQueue()
    for job in (1, 0, 3, 0, 2):
        jobs.put(job)
    got = 0
    while got < 3:
        worker = mp.Process(target=work, args=(jobs, results))
        worker.start()
        while True:
            ready = wait([results._reader, worker.sentinel])
            if results._reader in ready:
                print(results.get(), flush=True)
                got += 1
                if got == 3:
                    break
            elif worker.sentinel in ready:
                break
    jobs.put(None)
    worker.join()
