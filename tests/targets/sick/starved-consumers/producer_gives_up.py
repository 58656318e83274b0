"""A producer meets a row that it cannot read, logs that, and returns without its sentinel.

finds: starved-consumers
says: rows | loader | ended
"""

import multiprocessing as mp
import sys

SOURCE = ["4", "8", "15", "sixteen", "23", "42"]


def load(rows):
    try:
        for text in SOURCE:
            rows.put(int(text))
        rows.put(None)
    except ValueError as error:
        print("loader:", error, flush=True)


def store(rows, total):
    while (row := rows.get()) is not None:
        total.value += row


def main():
    rows, total = mp.SimpleQueue(), mp.Value("i", 0)
    loader = mp.Process(target=load, args=(rows,), name="loader")
    keeper = mp.Process(target=store, args=(rows, total), name="keeper")
    loader.start()
    keeper.start()
    loader.join()
    keeper.join()
    print("total", total.value)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
