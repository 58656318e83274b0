"""A script starts its process at the top level, and waits for what that is to send.

finds: missing-main-guard
says: no_guard.py | __main__ | bootstrapping phase | no_guard.py:21
methods: spawn forkserver
"""

import multiprocessing as mp
import sys


def count(numbers, answers):
    answers.put(sum(numbers))


if len(sys.argv) > 1:
    mp.set_start_method(sys.argv[1], force=True)

answers = mp.Queue()
worker = mp.Process(target=count, args=(range(10), answers))
worker.start()
print("the sum is", answers.get())
worker.join()
