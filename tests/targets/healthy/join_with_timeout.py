"""Main waits for a slow worker with a limit, ends it, and goes on; nobody misses its lock."""

import multiprocessing as mp
import sys
import time


def slow(lock):
    with lock:
        time.sleep(60)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    lock = mp.Lock()
    worker = mp.Process(target=slow, args=(lock,))
    worker.start()
    worker.join(2.5)
    if worker.is_alive():
        worker.terminate()
        worker.join()
    time.sleep(0.5)
