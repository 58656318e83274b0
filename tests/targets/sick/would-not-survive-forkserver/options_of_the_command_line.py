"""The command line's options are a global below the main guard, and the workers read it.

finds: would-not-survive-forkserver
says: args would not be there | (options_of_the_command_line.py:14) in render | below the main guard
methods: fork
ends: yes
options: check-forkserver
"""

import argparse
import multiprocessing


def scaled(size):
    return tuple(side * args.scale for side in size)


def render(page):
    return page, scaled((210, 297))


def main():
    with multiprocessing.Pool(2) as pool:
        for page, size in pool.imap_unordered(render, range(6)):
            print("page", page, "is", *size)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("method", nargs="?", default="fork")
    parser.add_argument("--scale", type=int, default=2)
    args = parser.parse_args()
    multiprocessing.set_start_method(args.method)
    main()
