"""A script starts its pool at the top level, without a main guard.

finds: would-not-survive-forkserver
says: its main guard is missing | runs_as_it_is_imported.py:22, by line 26
methods: fork
ends: yes
options: check-forkserver
"""

import multiprocessing
import sys

if len(sys.argv) > 1:
    multiprocessing.set_start_method(sys.argv[1], force=True)


def square(number):
    return number * number


def run(numbers):
    with multiprocessing.Pool(2) as pool:
        return pool.map_async(square, numbers).get(5)


print(run(range(10)))
