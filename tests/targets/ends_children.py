"""A parent that ends its children in each way that it has, by the start method named first.

"asked" is terminated, "killed" killed, "daemon" ended by multiprocessing as its parent ends, one
of a pool by the pool, one of an executor because the other was killed. "stranger" is killed by
another one, with a signal of its own.
"""

import concurrent.futures
import concurrent.futures.process
import contextlib
import multiprocessing
import os
import signal
import sys
import time


def stay(ready):
    ready.release()
    time.sleep(600)


def murder(pid):
    os.kill(pid, signal.SIGTERM)


def keep(ready):
    global begun
    begun = ready


def nap(_):
    begun.release()
    time.sleep(600)


def die(_):
    begun.acquire()
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    context = multiprocessing.get_context(sys.argv[1])
    ready = context.Semaphore(0)
    names = ("asked", "killed", "daemon", "stranger")
    family = {
        name: context.Process(target=stay, args=(ready,), name=name, daemon=name == "daemon")
        for name in names
    }
    for child in family.values():
        child.start()
    for _ in names:
        ready.acquire()
    family["asked"].terminate()
    family["killed"].kill()
    murderer = context.Process(target=murder, args=(family["stranger"].pid,), name="murderer")
    murderer.start()
    for name in ("asked", "killed", "stranger"):
        family[name].join()
    murderer.join()
    with context.Pool(1, keep, (ready,)) as pool:
        pool.apply_async(nap, (0,))
        ready.acquire()
    with concurrent.futures.ProcessPoolExecutor(2, context, keep, (ready,)) as executor:
        executor.submit(nap, 0)
        dying = executor.submit(die, 0)
        # So that the executor looks at its second process as well, unless it has already.
        with contextlib.suppress(concurrent.futures.process.BrokenProcessPool):
            executor.submit(len, "")
        dying.exception()


if __name__ == "__main__":
    main()
