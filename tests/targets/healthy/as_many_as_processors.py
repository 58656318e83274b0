"""As many workers as the program has processors compute; others wait for what they find."""

import multiprocessing as mp
import os
import sys
import time


def search(found, until):
    number = 1
    while time.monotonic() < until:
        number += 2
        if number % 100_001 == 0:
            found.put(number)
    for _ in range(3):
        found.put(None)


def note(found):
    while (number := found.get()) is not None:
        print("found", number)


def main():
    found = mp.Queue()
    until = time.monotonic() + 5
    people = [mp.Process(target=note, args=(found,)) for _ in range(3)]
    people += [mp.Process(target=search, args=(found, until))]
    for each in people:
        each.start()
    for each in people:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    main()
