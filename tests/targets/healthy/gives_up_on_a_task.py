"""A task hangs; main waits for it with a limit, kills the worker, and goes on without a result."""

import multiprocessing as mp
import os
import signal
import sys
import time


def fetch(name, pids):
    pids.put(os.getpid())
    if name == "slow":
        time.sleep(60)
    return len(name)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with mp.Manager() as manager, mp.Pool(1) as pool:
        pids = manager.Queue()
        for name in ("quick", "slow", "other"):
            result = pool.apply_async(fetch, (name, pids))
            worker = pids.get()
            try:
                print(name, result.get(timeout=2))
            except mp.TimeoutError:
                os.kill(worker, signal.SIGKILL)
                time.sleep(1)
                print(name, "was given up")
                result.wait(1.5)
