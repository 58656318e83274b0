"""A process that prepares data crashes in C, and never sets the event that others wait for.

finds: crashed-worker
says: preparer | SIGSEGV | ready | not Python
"""

import ctypes
import multiprocessing as mp
import sys
import time


def prepare(ready):
    time.sleep(0.2)
    ctypes.string_at(0)
    ready.set()


def work(ready, number):
    ready.wait()
    print(number, "works", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    ready = mp.Event()
    people = [mp.Process(target=work, args=(ready, n), name=f"w{n}", daemon=True) for n in (1, 2)]
    people.append(mp.Process(target=prepare, args=(ready,), name="preparer", daemon=True))
    for process in people:
        process.start()
    for process in people:
        process.join()
