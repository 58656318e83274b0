"""A process is stopped while it holds a lock that others need.

finds: suspended
says: first | registry
"""

import multiprocessing as mp
import os
import signal
import sys


def first(registry, inside):
    with registry:
        inside.set()
        os.kill(os.getpid(), signal.SIGSTOP)


def second(registry, inside):
    inside.wait()
    with registry:
        print("registered")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    registry, inside = mp.Lock(), mp.Event()
    people = [
        mp.Process(target=work, args=(registry, inside), name=work.__name__, daemon=True)
        for work in (first, second)
    ]
    for each in people:
        each.start()
    people[1].join()
