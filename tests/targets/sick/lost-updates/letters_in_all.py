"""Workers count letters into one total of a manager: it is read, a file is counted, it is written.

finds: lost-updates
says: Changes of totals['letters'] | letters_in_all.py:17 | with lock:
ends: yes
"""

import multiprocessing
import sys
import time

WORDS = ["ape", "bear", "cat", "deer", "emu", "fox", "gnu", "hare"]


def count(words, totals):
    for word in words:
        totals["letters"] = totals["letters"] + letters(word)
        totals["words"] += 1


def letters(word):
    time.sleep(0.02)  # as long as it takes to open a file
    return len(word)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        multiprocessing.set_start_method(sys.argv[1])
    with multiprocessing.Manager() as manager:
        totals = manager.dict(letters=0, words=0)
        workers = [multiprocessing.Process(target=count, args=(WORDS, totals)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        print("letters in all:", totals["letters"], flush=True)
