"""Jobs are given to a pool one by one, one of them crashes in C, and main joins the pool.

finds: lost-pool-task
says: Scanner.scan | SIGSEGV | not Python
"""

import ctypes
import multiprocessing as mp
import sys
import time


class Scanner:
    def __init__(self, broken):
        self.broken = broken

    def scan(self, name):
        time.sleep(0.05)
        if name == self.broken:
            ctypes.string_at(0)
        return len(name)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    found = []
    scanner = Scanner("libfoo.so")
    pool = mp.Pool(3)
    for name in ("a.out", "libfoo.so", "libc.so", "ls"):
        pool.apply_async(scanner.scan, (name,), callback=found.append)
    pool.close()
    pool.join()
    print(found)
