"""Each task gets the whole table of orders, to look at the few of one customer, and sends them on.

finds: pickling-dominates
says: executor | Send less | shared memory
"""

import multiprocessing as mp
import sys
from concurrent.futures import ProcessPoolExecutor

ORDERS = [
    {"id": number, "customer": f"customer-{number % 500}", "cents": number * 7 % 10_000}
    for number in range(20_000)
]


def turnover(orders, customer):
    return sum(order["cents"] for order in orders[customer::500])


def main():
    with ProcessPoolExecutor(2) as executor:
        for round_of in range(1000):
            sums = [executor.submit(turnover, ORDERS, customer) for customer in range(20)]
            print(round_of, sum(each.result() for each in sums))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
