"""Pebble: a pool with a task that takes too long, one that fails, and one that dies."""

import concurrent.futures
import os
import time

from pebble import ProcessExpired, ProcessPool


def square(number):
    return number * number


def main():
    with ProcessPool(max_workers=2) as pool:
        print(list(pool.map(square, range(20)).result()))
        for function, arguments in ((divmod, (1, 0)), (os._exit, (3,)), (time.sleep, (30,))):
            try:
                pool.schedule(function, args=arguments, timeout=3).result()
            except (ZeroDivisionError, ProcessExpired, concurrent.futures.TimeoutError) as error:
                print(function.__name__, type(error).__name__)
        print(pool.schedule(square, args=(7,)).result())


if __name__ == "__main__":
    main()
