"""All processes wait for main, whose main thread waits as well; a thread of it comes in the end."""

import multiprocessing as mp
import sys
import threading
import time


def work(jobs, results, go):
    go.wait()
    while (job := jobs.get()) is not None:
        results.put(job)
    results.put(None)


def feed(jobs, go):
    time.sleep(3.5)
    go.set()
    time.sleep(0.5)
    for each in (1, 2, None):
        jobs.put(each)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    jobs, results, go = mp.Queue(), mp.Queue(), mp.Event()
    threading.Thread(target=feed, args=(jobs, go), daemon=True).start()
    worker = mp.Process(target=work, args=(jobs, results, go))
    worker.start()
    while results.get() is not None:
        pass
    worker.join()
