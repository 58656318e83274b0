"""Somebody has stopped a worker for a look at it, and forgot about it.

finds: suspended
says: renderer | SIGSTOP
"""

import multiprocessing as mp
import os
import signal
import sys
import time


def render(frames, done):
    while True:
        frame = frames.get()
        if frame is None:
            return
        time.sleep(0.01)
        done.put(frame)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    frames, done = mp.Queue(), mp.Queue()
    worker = mp.Process(target=render, args=(frames, done), name="renderer", daemon=True)
    worker.start()
    frames.put(1)
    done.get()
    os.kill(worker.pid, signal.SIGSTOP)
    for frame in range(20):
        frames.put(frame)
    for _ in range(20):
        done.get()
