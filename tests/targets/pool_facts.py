"""What a pool and an executor go through, each a known number of times."""

import asyncio
import multiprocessing
import os
import sys
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, as_completed, wait


def prepare(word):
    assert word == "ready"


def square(number):
    return number * number


def slowly(number):
    time.sleep(0.15)
    return bytes(number)


class Dear:
    """Takes long to pickle."""

    def __init__(self, number):
        self.number = number

    def __reduce__(self):
        time.sleep(0.2)
        return Dear, (self.number,)


def leave(code):
    os._exit(code)


def hang(path):
    open(path, "w").close()
    time.sleep(600)


async def awaited(executor):
    return await asyncio.get_running_loop().run_in_executor(executor, slowly, 1)


def pooled(context):
    with context.Pool(1, prepare, ("ready",), maxtasksperchild=2) as pool:
        assert pool.map(square, range(4), chunksize=1) == [0, 1, 4, 9]
        assert [each.number for each in pool.imap(Dear, [10])] == [10]
        pool.close()
        pool.join()


def refused(context):
    """A daemonic process has no children: the workers that a pool begins with can't be started."""
    multiprocessing.current_process().daemon = True
    try:
        never = context.Pool(1)
    except AssertionError:
        never = None
    assert never is None
    multiprocessing.current_process().daemon = False


def executed(context, executor):
    jobs = [executor.submit(slowly, number) for number in (1, 2, 100_000)]
    assert wait(jobs, return_when=FIRST_COMPLETED).done  # the first
    assert len(jobs[2].result()) == 100_000  # the result
    assert len(list(as_completed([executor.submit(slowly, 0)]))) == 1  # completed
    assert asyncio.run(awaited(executor)) == bytes(1)
    unsent = executor.submit(square, threading.Lock())
    assert isinstance(unsent.exception(), TypeError)
    first, *rest = [executor.submit(slowly, 0) for _ in range(6)]
    assert rest[-1].cancel()
    assert first.result() == b""
    dies = executor.submit(leave, 7)
    assert dies.exception() is not None


if __name__ == "__main__":
    chosen = multiprocessing.get_context(sys.argv[1])
    pooled(chosen)
    refused(chosen)
    with ProcessPoolExecutor(1, mp_context=chosen) as own:
        executed(chosen, own)
