"""Results wait until a slow callback has taken the one before; large ones take long to make."""

import multiprocessing as mp
import sys
import time


def measure(number):
    return number * number


def render(number):
    time.sleep(0.15)
    return bytes(500_000)


def note(result):
    time.sleep(0.02)


def main():
    with mp.Pool(2) as pool, mp.Pool(2) as renderers:
        noted = [pool.apply_async(measure, (number,), callback=note) for number in range(150)]
        pages = [renderers.apply_async(render, (number,)) for number in range(40)]
        for each in noted + pages:
            each.get()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
