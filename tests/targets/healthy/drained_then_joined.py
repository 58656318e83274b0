"""Large results are taken out of the queue slowly, and then the workers are joined."""

import multiprocessing as mp
import sys
import time


def count(number, results):
    for part in range(3):
        results.put((number, part, b"x" * 300_000))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    results = mp.Queue()
    workers = [mp.Process(target=count, args=(number, results)) for number in range(2)]
    for worker in workers:
        worker.start()
    for _ in range(6):
        time.sleep(0.5)
        results.get()
    for worker in workers:
        worker.join()
