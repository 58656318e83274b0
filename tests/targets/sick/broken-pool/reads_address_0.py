"""One of four kinds of task is a fault in C; what main gets to know names neither worker nor task.

finds: broken-pool
says: parse_native | SIGSEGV | BrokenProcessPool | done nothing wrong
ends: yes
"""

import ctypes
import multiprocessing as mp
import sys
import time
from concurrent.futures import ProcessPoolExecutor


def parse_plain(name):
    time.sleep(0.6)
    return len(name)


def parse_native(name):
    time.sleep(0.3)
    return ctypes.string_at(0)


def main():
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with ProcessPoolExecutor(2) as executor:
        jobs = [
            executor.submit(parse_native if name == "c.bin" else parse_plain, name)
            for name in ("a.txt", "b.txt", "c.bin", "d.txt", "e.txt")
        ]
        for job in jobs:
            print(job.result(), flush=True)


if __name__ == "__main__":
    main()
