"""A program makes a pipe for each request and keeps them all in a list.

finds: descriptors-running-out
says: descriptors | of 64
"""

import multiprocessing as mp
import os
import resource
import sys
import time


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    kept = []
    while len(os.listdir("/proc/self/fd")) < 60:
        kept.append(mp.Pipe())
        time.sleep(0.02)
    lock = mp.Lock()
    for _ in range(100):
        with lock:
            time.sleep(0.3)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
