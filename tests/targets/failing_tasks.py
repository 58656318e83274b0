"""Tasks that fail, of pools and executors, each in a way of its own: argv is the start method, and
then which of them. Ends in good order by itself."""

import ctypes
import multiprocessing
import os
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor

PREPARED = None


def prepare(word, numbers):
    global PREPARED
    PREPARED = word, numbers


def prepare_by(lock):
    global PREPARED
    PREPARED = "a lock" if lock.acquire() else ""
    lock.release()


def fault(address):
    ctypes.string_at(address)


def leave(number):
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(number, because=""):
    raise ValueError(because or os.environ.get("BECAUSE", ""), number, PREPARED)


def third(number):
    if number == 3:
        os._exit(7)
    return number


def both(number, word):
    if number == 3:
        raise KeyError(word)
    return word


def measure(data):
    raise ValueError(len(data))


class Rebuilt:
    """What cannot be rebuilt ends the worker that gets it."""

    def __reduce__(self):
        return os._exit, (9,)


def ends_its_worker(pool, function, *args, **kwargs):
    """`function` submits a task; returns when another worker is there."""
    (worker,) = pool._pool
    result = function(*args, **kwargs)
    while worker in pool._pool or not pool._pool:
        time.sleep(0.005)
    assert not result.ready()


def raises(get, kinds=(ValueError, KeyError)):
    try:
        get()
    except kinds:
        return
    raise AssertionError("it should have failed")


def main(method, *parts):
    context = multiprocessing.get_context(method)
    with context.Pool(1, prepare, ("ready", [1, 2.5, None])) as pool:
        for part in parts:
            if part == "raised":
                raises(lambda: pool.apply(refuse, (1,), {"because": "so"}))
            elif part == "good":
                assert pool.map(abs, range(-9, 9)) == list(map(abs, range(-9, 9)))
            elif part == "fault":
                ends_its_worker(pool, pool.apply_async, fault, (0,))
            elif part == "killed":
                ends_its_worker(pool, pool.map_async, leave, [1])
            elif part == "chunk":
                ends_its_worker(pool, pool.map_async, third, range(5), chunksize=5)
            elif part == "stars":
                raises(lambda: pool.starmap(both, [(1, "a"), (3, "b")], chunksize=2))
            elif part == "lazy":
                raises(lambda: list(pool.imap(refuse, [5])))
            elif part == "rebuilt":
                ends_its_worker(pool, pool.apply_async, abs, (Rebuilt(),))
            elif part == "large":
                raises(lambda: pool.apply(measure, (bytes(2 << 20),)))
            elif part == "many":
                raises(lambda: pool.map(refuse, range(40), chunksize=1))
    if "executor" in parts:
        lock = context.Lock()
        with ProcessPoolExecutor(1, context, prepare_by, (lock,)) as executor:
            raises(executor.submit(refuse, 7).result)
            mapped = executor.map(third, range(1, 6), chunksize=5)
            raises(lambda: list(mapped), Exception)


if __name__ == "__main__":
    main(*sys.argv[1:])
