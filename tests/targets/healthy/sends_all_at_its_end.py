"""A worker puts much, and ends when its feeder thread has sent it all, which takes a while."""

import multiprocessing as mp
import sys
import time


def work(results):
    for _ in range(40):
        results.put(bytes(100_000))
    print("put 40", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    results = mp.Queue()
    worker = mp.Process(target=work, args=(results,))
    worker.start()
    time.sleep(3)
    total = 0
    for _ in range(40):
        total += len(results.get())
        time.sleep(0.01)
    worker.join()
    print(total)
