"""A worker handles SIGTERM: it finishes what it is at, for some seconds, and ends then."""

import multiprocessing as mp
import signal
import sys
import time


def work(ready):
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    ready.set()
    while not stop:
        time.sleep(0.05)
    end = time.monotonic() + 4.5
    while time.monotonic() < end:
        time.sleep(0.1)  # its last work


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    ready = mp.Event()
    worker = mp.Process(target=work, args=(ready,))
    worker.start()
    ready.wait()
    worker.terminate()
    worker.join()
