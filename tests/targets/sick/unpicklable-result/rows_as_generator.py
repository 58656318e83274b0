"""A task returns an object with a generator in it, and main does not expect that to fail.

finds: unpicklable-result
says: load | Table.rows | generator
ends: yes
"""

import multiprocessing as mp
import sys


class Table:
    def __init__(self, name):
        self.name = name
        self.rows = (number for number in range(3))


def load(name):
    return Table(name)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with mp.Pool(2) as pool:
        for table in pool.imap_unordered(load, ["users", "orders"]):
            print(table.name, list(table.rows))
