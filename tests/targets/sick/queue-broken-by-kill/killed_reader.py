"""The kernel kills one of two readers of a SimpleQueue; both had been waiting there.

finds: queue-broken-by-kill
says: SIGKILL
"""

import multiprocessing as mp
import os
import signal
import sys
import time


def read(events, ready):
    ready.release()
    while events.get() is not None:
        pass


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    events, ready = mp.SimpleQueue(), mp.Semaphore(0)
    readers = [
        mp.Process(target=read, args=(events, ready), name=f"reader-{number}", daemon=True)
        for number in (1, 2)
    ]
    for reader in readers:
        reader.start()
        ready.acquire()
        time.sleep(0.3)
    os.kill(readers[0].pid, signal.SIGKILL)
    readers[0].join()
    events.put("hello")
    events.put(None)
    readers[1].join()
