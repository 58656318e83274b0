"""A reader fails at its first record; main waits for what it was to put into the queue.

finds: crashed-worker
says: reader | KeyError | size | records | no_such_key.py:13
"""

import multiprocessing as mp
import sys


def read(rows, records):
    for row in rows:
        records.put(row["name"] * row["size"])
    records.put(None)


def main():
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    rows = [{"name": "a", "length": 3}, {"name": "b", "length": 2}]
    records = mp.Queue()
    reader = mp.Process(target=read, args=(rows, records), name="reader")
    reader.start()
    while (record := records.get()) is not None:
        print(record, flush=True)
    reader.join()


if __name__ == "__main__":
    main()
