"""A little of everything that a timeline shows: a queue, a lock, a pool, messages, a death."""

import multiprocessing
import os
import signal
import sys
import threading
import time

ITEMS = 12
HELD = 0.15


def produce(jobs):
    for number in range(ITEMS):
        time.sleep(0.01)
        jobs.put(number)
    jobs.put(None)


def consume(jobs):
    while jobs.get() is not None:
        pass
    print("all consumed", flush=True)


def hold(gate, held):
    with gate:
        held.set()
        time.sleep(HELD)


def compete(gate, held):
    held.wait()
    with gate:
        print("a rival warns", file=sys.stderr, flush=True)


def starve(nothing, ready):
    ready.set()
    nothing.get()


def square(number):
    time.sleep(0.02)
    return number * number


def main():
    jobs = multiprocessing.Queue()
    gate = multiprocessing.Lock()
    held = multiprocessing.Event()
    nothing = multiprocessing.Queue()
    ready = multiprocessing.Event()
    workers = [
        multiprocessing.Process(target=produce, args=(jobs,), name="producer"),
        multiprocessing.Process(target=consume, args=(jobs,), name="consumer"),
        multiprocessing.Process(target=hold, args=(gate, held), name="holder"),
        multiprocessing.Process(target=compete, args=(gate, held), name="rival"),
    ]
    victim = multiprocessing.Process(target=starve, args=(nothing, ready), name="victim")
    for process in (*workers, victim):
        process.start()
    watcher = threading.Thread(target=held.wait, name="watcher")
    watcher.start()
    with multiprocessing.Pool(2) as pool:
        pool.map(square, range(6), chunksize=1)
        pool.close()
        pool.join()
    for process in workers:
        process.join()
    watcher.join()
    ready.wait()
    time.sleep(0.2)  # so that it is seen waiting
    os.kill(victim.pid, signal.SIGKILL)
    victim.join()


if __name__ == "__main__":
    main()
