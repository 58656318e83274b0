"""Main ends a consumer that it needs no more while that waits for an item; the other one starves.

finds: queue-broken-by-kill
says: consumer-1 | parent
"""

import multiprocessing as mp
import sys
import time


def consume(jobs, ready):
    ready.release()
    while True:
        job = jobs.get()
        if job is None:
            return


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    jobs, ready = mp.Queue(), mp.Semaphore(0)
    one = mp.Process(target=consume, args=(jobs, ready), name="consumer-1", daemon=True)
    one.start()
    ready.acquire()
    time.sleep(0.5)
    one.terminate()
    one.join()
    two = mp.Process(target=consume, args=(jobs, ready), name="consumer-2", daemon=True)
    two.start()
    jobs.put("a job")
    jobs.put(None)
    two.join()
