"""Options of the command line and a counter reach the workers by the pool's initializer.

options: check-forkserver
"""

import argparse
import multiprocessing

args = None
done = None
CACHE = {}


def begin(options, counter):
    global args, done
    args, done = options, counter


def scaled(side):
    if side not in CACHE:
        CACHE[side] = side * args.scale
    return CACHE[side]


def render(page):
    with done.get_lock():
        done.value += 1
    return page, scaled(210), scaled(297)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("method", nargs="?", default="fork")
    parser.add_argument("--scale", type=int, default=2)
    options = parser.parse_args()
    multiprocessing.set_start_method(options.method)
    counter = multiprocessing.Value("i", 0)
    begin(options, counter)
    print("first", scaled(148))
    with multiprocessing.Pool(2, begin, (options, counter)) as pool:
        for page, *size in pool.imap_unordered(render, range(6)):
            print("page", page, "is", *size)
    print(counter.value, "pages")


if __name__ == "__main__":
    main()
