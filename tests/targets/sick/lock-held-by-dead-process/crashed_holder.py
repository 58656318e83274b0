"""A worker that has taken a lock is killed, as by the kernel when memory runs out.

finds: lock-held-by-dead-process
says: ledger | SIGKILL | clerk
"""

import multiprocessing as mp
import os
import signal
import sys


def hungry(ledger, taken):
    ledger.acquire()
    taken.set()
    os.kill(os.getpid(), signal.SIGKILL)


def clerk(ledger, taken):
    taken.wait()
    with ledger:
        print("written")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    ledger, taken = mp.Lock(), mp.Event()
    people = [
        mp.Process(target=work, name=work.__name__, args=(ledger, taken))
        for work in (hungry, clerk)
    ]
    for each in people:
        each.start()
    for each in people:
        each.join()
