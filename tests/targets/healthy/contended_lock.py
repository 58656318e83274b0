"""Six workers want one lock all the time, and each gets it."""

import multiprocessing as mp
import sys
import time


def work(lock, total):
    for _ in range(150):
        with lock:
            time.sleep(0.002)
            total.value += 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    lock, total = mp.Lock(), mp.Value("i", 0)
    people = [mp.Process(target=work, args=(lock, total)) for _ in range(6)]
    for each in people:
        each.start()
    for each in people:
        each.join()
