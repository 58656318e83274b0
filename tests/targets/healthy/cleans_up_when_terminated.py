"""Workers that are terminated: one cleans up for a while, one is killed when its time is over.

The first is in the middle of a get while its handler works; the parent knows what to do about both.
"""

import multiprocessing as mp
import signal
import sys
import time


def clean_up(*_):
    time.sleep(4.2)
    sys.exit(0)


def consume(ready, jobs):
    signal.signal(signal.SIGTERM, clean_up)
    ready.release()
    jobs.get()


def calculate(ready, jobs):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready.release()
    jobs.get()


def main():
    ready = mp.Semaphore(0)
    # Kept, since a child that is spawned opens them by name.
    queues = {calculate: mp.Queue(), consume: mp.Queue()}
    workers = [
        mp.Process(target=each, args=(ready, jobs), name=each.__name__)
        for each, jobs in queues.items()
    ]
    for each in workers:
        each.start()
        ready.acquire()
    time.sleep(0.3)
    for each in workers:
        each.terminate()
    workers[0].join(3.8)
    workers[0].kill()
    for each in workers:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
