"""A family at work that does not end by itself: a pool, a queue, a lock, a daemon of its own.

Each process writes numbered lines as fast as it works, so that what is missing can be seen.
"""

import multiprocessing
import os
import signal
import sys
import time


def say(name, number):
    print(name, os.getpid(), number, flush=True)


def work(name, queue, lock):
    for number in range(1_000_000):
        with lock:
            queue.put((name, number))
        say(name, number)
        queue.get()
        time.sleep(0.001)


def task(number):
    say("pool", number)
    return number


def daemon():
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for number in range(3):
            say("daemon", number)
        while True:  # whoever writes nothing learns nothing of a reader's end
            signal.pause()
    os._exit(0)


def main():
    print("folder", os.environ.get("SPAWNSCOPE_PROBE", ""), flush=True)
    if os.fork() == 0:
        daemon()
    queue, lock = multiprocessing.Queue(), multiprocessing.Lock()
    for name in ("one", "two"):
        multiprocessing.Process(target=work, args=(name, queue, lock), name=name).start()
    with multiprocessing.Pool(2) as pool:
        print("ready", flush=True)
        for _ in range(1_000_000):
            pool.map(task, range(20))


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1] if len(sys.argv) > 1 else "fork")
    main()
