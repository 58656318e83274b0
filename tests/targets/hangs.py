"""Programs in which somebody waits, by the name that comes first: healthy ones, and such that hang
for a reason that the one who waits does not see.
"""

import multiprocessing
import os
import signal
import sys
import threading
import time


def nap(seconds):
    time.sleep(seconds)


def fall(number):
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)


class Broken(Exception):
    """Cannot be rebuilt from its pickle, which ends the thread that takes in a pool's results."""

    def __init__(self, one, two):
        super().__init__(one)


def fail(number):
    raise Broken(number, 2)


def recycle():
    with multiprocessing.Pool(1, maxtasksperchild=1) as pool:
        pool.map(nap, [0, 600], chunksize=1)


def first():
    with multiprocessing.Pool(2) as pool:
        pool.map(nap, [600, 600], chunksize=1)


def lost():
    with multiprocessing.Pool(1) as pool:
        pool.map(fall, [0, 1, 2], chunksize=1)


def several():
    with multiprocessing.Pool(1) as pool:
        pool.apply_async(fall, (1,))
        pool.apply(fall, (2,))
        pool.apply_async(fall, (1,)).wait()


def unpickled():
    with multiprocessing.Pool(1) as pool:
        pool.apply(fail, (1,))


def collect(results):
    results.put(b"." * 1_000_000)


def joined():
    results = multiprocessing.Queue()
    collector = multiprocessing.Process(target=collect, args=(results,), name="collector")
    collector.start()
    collector.join()


class Slow:
    """Takes for ever to be pickled."""

    def __reduce__(self):
        time.sleep(600)
        return Slow, ()


def drop(records):
    for _ in range(5):
        records.put(Slow())
    os._exit(0)


def dropped():
    records = multiprocessing.Queue()
    children = [
        multiprocessing.Process(target=drop, args=(records,), name=f"logger-{number}")
        for number in range(2)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    records.get()


def kept():
    records = multiprocessing.Queue()
    reader = multiprocessing.Process(target=records.get, name="reader")
    reader.start()
    records.put(Slow())
    time.sleep(600)


def consume(letters):
    while True:
        letters.get()


def relay():
    letters = multiprocessing.Queue()
    multiprocessing.Process(target=consume, args=(letters,), name="reader").start()
    for number in range(2):
        writer = multiprocessing.Process(target=letters.put, args=(number,))
        writer.start()
        writer.join()
    time.sleep(600)  # and may start another one


def forgetful():
    letters = multiprocessing.JoinableQueue()
    multiprocessing.Process(target=consume, args=(letters,), name="reader").start()
    letters.put("for you")
    letters.join()


def served():
    with multiprocessing.Manager() as manager:
        manager.Queue().get()


def send(end):
    end.send(b"." * 1_000_000)


def unread():
    _mine, theirs = multiprocessing.Pipe(False)
    writer = multiprocessing.Process(target=send, args=(theirs,), name="writer")
    writer.start()
    time.sleep(600)


def state_of(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0]


def stopped():
    letters = multiprocessing.Queue()
    reader = multiprocessing.Process(target=letters.get, name="reader")
    reader.start()
    while state_of(reader.pid) != "T":  # who looks at it stops it, once it waits
        time.sleep(0.02)
    letters.put("for you")
    time.sleep(600)


def second():
    letters = multiprocessing.Queue()
    reader = multiprocessing.Process(target=letters.get, name="first")
    reader.start()
    while state_of(reader.pid) != "T":
        time.sleep(0.02)
    multiprocessing.Process(target=letters.get, name="reader").start()
    letters.put("for you")
    time.sleep(600)


def take(gate, other, both):
    with gate:
        both.wait()
        with other:
            pass


def start_from_thread(name, *locks):
    child = multiprocessing.Process(target=take, args=locks, name=name)
    child.start()
    child.join()


def threads():
    one, two = multiprocessing.Lock(), multiprocessing.Lock()
    both = multiprocessing.Barrier(2)
    for name, locks in (("left", (one, two, both)), ("right", (two, one, both))):
        threading.Thread(target=start_from_thread, args=(name, *locks), name=name).start()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
