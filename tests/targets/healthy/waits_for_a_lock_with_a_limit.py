"""Two processes try to take two locks in opposite order, give up after a time, and try again."""

import multiprocessing as mp
import sys
import time


def mover(first, second, ready, wait):
    with first:
        ready.wait()
        if second.acquire(timeout=wait):
            second.release()
    time.sleep(0.2)
    with first:
        pass
    with second:
        pass


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    one, other, ready = mp.Lock(), mp.Lock(), mp.Barrier(2)
    people = [
        mp.Process(target=mover, args=(one, other, ready, 2.0)),
        mp.Process(target=mover, args=(other, one, ready, 4.0)),
    ]
    for each in people:
        each.start()
    people[1].join()
    people[0].join()
