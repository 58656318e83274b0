"""What the initializer of a pool is given gets a connection later, and cannot be pickled then.

finds: pool-worker-not-replaced
says: TypeError | No worker is left | can be pickled
methods: spawn forkserver
"""

import multiprocessing as mp
import sqlite3
import sys


class Settings:
    def __init__(self, database):
        self.database = database
        self._connection = None

    def connection(self):
        if self._connection is None:
            self._connection = sqlite3.connect(self.database)
        return self._connection


def prepare(settings):
    settings.connection()


def count(number):
    return number + 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    settings = Settings(":memory:")
    with mp.Pool(1, prepare, (settings,), maxtasksperchild=2) as pool:
        settings.connection()
        for number in pool.imap(count, range(6)):
            print(number, flush=True)
