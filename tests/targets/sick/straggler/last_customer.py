"""Invoices are written customer by customer; the biggest customer comes last and has everything.

finds: straggler
says: invoice | nothing to do
"""

import multiprocessing as mp
import sys
import time
from concurrent.futures import ProcessPoolExecutor

CUSTOMERS = {f"customer-{number}": 0.01 for number in range(120)} | {"the state": 600}


def invoice(customer, seconds):
    time.sleep(seconds)
    return customer


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with ProcessPoolExecutor(3) as executor:
        written = [executor.submit(invoice, *each) for each in CUSTOMERS.items()]
        for each in written:
            print("written", each.result())
