"""Tiny tasks by the hundred thousand, in large chunks; and a few at a time, now and then."""

import multiprocessing as mp
import sys
import time


def with_tax(cents):
    return cents * 119 // 100


def main():
    begin, total = time.monotonic(), 0
    with mp.Pool(2) as prices, mp.Pool(1) as seldom:
        while time.monotonic() < begin + 3:
            total += sum(prices.imap(with_tax, range(50_000), chunksize=5000))
            total += sum(seldom.map(with_tax, range(20), chunksize=1))
            time.sleep(0.1)
    print(total)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
