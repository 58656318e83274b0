"""Three stages of a pipeline that take equally long; and two, of which one is slower."""

import multiprocessing as mp
import sys
import time


def give(queue, seconds, until):
    while time.monotonic() < until:
        time.sleep(seconds)
        queue.put(b"x")
    queue.put(None)


def pass_on(queue, other, seconds):
    while (item := queue.get()) is not None:
        time.sleep(seconds)
        other.put(item)
    other.put(None)


def take(queue, seconds):
    while queue.get() is not None:
        time.sleep(seconds)


def main():
    first, second, third = mp.Queue(4), mp.Queue(4), mp.Queue(4)
    until = time.monotonic() + 7
    stages = [
        mp.Process(target=give, args=(first, 0.02, until)),
        mp.Process(target=pass_on, args=(first, second, 0.02)),
        mp.Process(target=take, args=(second, 0.02)),
        mp.Process(target=give, args=(third, 0.002, until)),
        mp.Process(target=take, args=(third, 0.03)),
    ]
    for each in stages:
        each.start()
    for each in stages:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
