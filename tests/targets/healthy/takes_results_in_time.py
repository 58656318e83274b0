"""The loop behind an imap is slower than its workers, and hands out one batch after another."""

import itertools
import multiprocessing as mp
import sys
import time


def render(number):
    time.sleep(0.002)
    return number, bytes(2_000)


def main():
    numbers = itertools.count()
    end = time.monotonic() + 5
    with mp.Pool(2) as pool:
        while time.monotonic() < end:
            batch = list(itertools.islice(numbers, 300))
            for _number, _tile in pool.imap_unordered(render, batch):
                time.sleep(0.005)
    print("rendered", batch[-1])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
