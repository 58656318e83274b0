"""A thread refreshes a cache under a lock all the time; a child is forked in the midst of that.

finds: fork-with-lock-held
says: reporter | 2 threads | forkserver | waits because of that
methods: fork
"""

import multiprocessing as mp
import sys
import threading
import time

lock = threading.Lock()
prices = {}


def refresh():
    while True:
        with lock:
            time.sleep(0.2)
            prices["bread"] = time.time()


def report():
    with lock:
        print("bread", prices.get("bread"), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    threading.Thread(target=refresh, name="refresher", daemon=True).start()
    time.sleep(0.1)
    reporter = mp.Process(target=report, name="reporter")
    reporter.start()
    reporter.join()
