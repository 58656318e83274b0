"""An exception of a task has an __init__ with two arguments, and cannot be rebuilt in main.

finds: unpicklable-result
says: check | QuotaError | takes in results | limit
"""

import multiprocessing as mp
import sys


class QuotaError(Exception):
    def __init__(self, account, limit):
        super().__init__(f"{account} is over {limit}")
        self.account = account
        self.limit = limit


def check(account):
    if account == "b":
        raise QuotaError(account, 100)
    return account.upper()


def main():
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with mp.Pool(2) as pool:
        try:
            print(pool.map(check, ["a", "b", "c"], chunksize=1))
        except QuotaError as error:
            print("refused:", error)


if __name__ == "__main__":
    main()
