"""A worker calls cancel_join_thread, so as not to hang at its end; half of its rows are gone.

finds: lost-items
says: rows | never sent | cancel_join_thread
"""

import multiprocessing as mp
import sys


def read(rows):
    rows.cancel_join_thread()
    for number in range(40):
        rows.put(bytes(50_000 + number))


def main():
    rows = mp.Queue()
    worker = mp.Process(target=read, args=(rows,), name="scanner")
    worker.start()
    worker.join()
    total = 0
    for _ in range(40):
        total += len(rows.get())
    print("read", total)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
