"""Waits in many things for a limited time, and in some for ever; a thread for each, by name."""

import multiprocessing as mp
import sys
import threading
import time

LONG = 60


def work(lock, jobs, full, event, end):
    waits = {
        "acquire": lambda: lock.acquire(timeout=LONG),
        "get": lambda: jobs.get(timeout=LONG),
        "put": lambda: full.put(2, timeout=LONG),
        "wait": lambda: event.wait(LONG),
        "poll": lambda: end.poll(LONG),
        "acquire for ever": lock.acquire,
        "get for ever": jobs.get,
        "put for ever": lambda: full.put(3),
        "wait for ever": event.wait,
    }
    start(waits)
    time.sleep(LONG)


def start(waits):
    for name, wait in waits.items():
        threading.Thread(target=wait, name=name, daemon=True).start()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    lock, jobs, full, event, ends = mp.Lock(), mp.Queue(), mp.Queue(1), mp.Event(), mp.Pipe()
    lock.acquire()
    full.put(1)
    child = mp.Process(target=work, args=(lock, jobs, full, event, ends[1]), daemon=True)
    child.start()
    pool = mp.Pool(1)
    result = pool.apply_async(time.sleep, (LONG,))
    start({"result": lambda: result.get(LONG), "result for ever": result.get})
    start({"join": lambda: child.join(LONG), "join for ever": child.join})
    time.sleep(LONG)
