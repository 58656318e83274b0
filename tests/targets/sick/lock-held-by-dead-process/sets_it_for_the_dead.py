"""A runner is killed before the start; the event that all of them wait for is never set wholly.

finds: lock-held-by-dead-process
says: runner-1 died asleep in event gun | set event gun | was killed by SIGKILL
"""

import multiprocessing
import os
import signal
import sys


def runner(gun, ready):
    ready.put(os.getpid())
    gun.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        multiprocessing.set_start_method(sys.argv[1])
    gun, ready = multiprocessing.Event(), multiprocessing.SimpleQueue()
    runners = [
        multiprocessing.Process(target=runner, name=f"runner-{n}", args=(gun, ready), daemon=True)
        for n in range(3)
    ]
    for one in runners:
        one.start()
    for _ in runners:
        ready.get()
    while gun._cond._sleeping_count._semlock._get_value() < len(runners):
        pass  # until all of them are asleep
    os.kill(runners[1].pid, signal.SIGKILL)
    runners[1].join()
    gun.set()
    print("off they go", flush=True)
