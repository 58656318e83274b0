"""Orders are priced by a pool; main asks for the last price only after it has left the `with`.

finds: lost-pool-task
says: at asks_after_with.py:2 | asks_after_with.py:25 | price | terminate | with
"""

import multiprocessing as mp
import sys
import time


def price(order):
    time.sleep(order / 10)
    return order * 3


def main():
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    orders = [1, 2, 300]
    prices = []
    with mp.Pool(2) as pool:
        jobs = [pool.apply_async(price, (order,)) for order in orders]
        prices += [job.get() for job in jobs[:2]]
    prices.append(jobs[2].get())
    print(prices)


if __name__ == "__main__":
    main()
