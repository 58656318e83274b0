"""Main is ended by SIGTERM, as by a service manager; its child goes on for some seconds.

finds: orphaned-children
says: poller | SIGTERM | orphan
"""

import multiprocessing as mp
import os
import signal
import sys
import time


def poll(ready):
    ready.set()
    time.sleep(7)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    ready = mp.Event()
    mp.Process(target=poll, args=(ready,), name="poller").start()
    ready.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(10)
