"""A thread writes a journal to a slow log while a worker is forked, whose first line never ends.

finds: fork-with-lock-held
says: threads | only the thread that forks goes on
methods: fork
"""

import logging
import multiprocessing as mp
import sys
import threading
import time


class Slow(logging.Handler):
    def emit(self, record):
        time.sleep(0.3)


handler = Slow()
log = logging.getLogger("shop")
log.addHandler(handler)
log.setLevel(logging.INFO)


class Journal:
    """Writes lines one after another, by a lock of its own."""

    def __init__(self):
        self.lock = threading.RLock()

    def write(self, text):
        with self.lock:
            log.info(text)


journal = Journal()


def chatter():
    while True:
        journal.write("still here")


def work(number, done):
    journal.write(f"worker {number} begins")
    done.put(number)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    threading.Thread(target=chatter, daemon=True).start()
    time.sleep(0.1)
    done = mp.Queue()
    workers = [mp.Process(target=work, args=(1, done), daemon=True)]
    for worker in workers:
        worker.start()
    for worker in workers:
        print(done.get())
        worker.join()
