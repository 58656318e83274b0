"""Taxes are added to prices by a pool, one price a task: the work is nothing beside the errand.

finds: pickling-dominates
says: prices | chunksize | x less
"""

import multiprocessing as mp
import sys


def with_tax(cents):
    return cents * 119 // 100


def main():
    total = 0
    with mp.Pool(2) as prices:
        for cents in prices.imap(with_tax, range(100_000_000)):
            total += cents
    print(total)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
