"""A child takes a lock, a thread of it waits in a queue; then the child kills itself."""

import multiprocessing
import os
import signal
import sys
import threading
import time


def work(results, jobs):
    waiter = threading.Thread(target=jobs.get, name="waiter", daemon=True)
    results.acquire()
    waiter.start()
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    context = multiprocessing.get_context(sys.argv[1])
    results, jobs = context.Lock(), context.Queue()
    child = context.Process(target=work, args=(results, jobs), name="worker")
    child.start()
    child.join()


if __name__ == "__main__":
    main()
