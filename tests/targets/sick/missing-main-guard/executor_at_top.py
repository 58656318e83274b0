"""A script uses an executor at its top level, as it worked where fork was the default.

finds: missing-main-guard broken-pool
says: executor_at_top.py | __main__
methods: spawn forkserver
ends: yes
"""

import multiprocessing as mp
import sys
from concurrent.futures import ProcessPoolExecutor


def square(number):
    return number * number


if len(sys.argv) > 1:
    mp.set_start_method(sys.argv[1], force=True)

with ProcessPoolExecutor(2) as executor:
    print(list(executor.map(square, range(4))))
