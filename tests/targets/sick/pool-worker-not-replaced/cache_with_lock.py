"""A worker crashes in its task; to replace it fails, since its initializer's argument has a lock.

finds: pool-worker-not-replaced lost-pool-task
says: TypeError | stderr
methods: spawn forkserver
"""

import multiprocessing as mp
import sys
import threading
import time


class Cache:
    def __init__(self):
        self.entries = {}

    def share_between_threads(self):
        self.lock = threading.Lock()


cache = None


def keep(given):
    global cache
    cache = given


def lookup(number):
    time.sleep(0.1)
    return cache.entries.setdefault(number, number * number)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    cache = Cache()
    pool = mp.Pool(2, keep, (cache,), maxtasksperchild=1)
    cache.share_between_threads()
    print(pool.map(lookup, range(8), chunksize=1))
    pool.close()
    pool.join()
