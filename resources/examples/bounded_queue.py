"""Queue with maxsize: a full shelf makes the baker wait, an empty one the customer.

Watch for the two WARNING lines: the queue holds three items, so a quick producer runs into Full
and a late consumer into Empty. With a timeout neither of them is stuck; both can do something
else, give up, or try again.
"""

import multiprocessing
import os
from queue import Empty, Full  # the exceptions are those of the module `queue`

SHELF = 3  # the queue never holds more than this
LOAVES = 6


def bake(shelf):
    print(f"The baker's pid is {os.getpid()}")
    for number in range(1, LOAVES + 1):
        while True:
            try:
                shelf.put(f"loaf {number}", timeout=0.5)
                print(f"Baked loaf {number}")
                break
            except Full:
                print(f"WARNING: the shelf is full, loaf {number} has to wait")


def buy(shelf, doors_open):
    print(f"The customer's pid is {os.getpid()}")
    doors_open.wait()
    bought = 0
    while True:
        try:
            loaf = shelf.get(timeout=1)
        except Empty:
            print(f"WARNING: the shelf is empty, going home with {bought} loaves")
            break
        bought += 1
        print(f"Bought {loaf}")


def main():
    shelf = multiprocessing.Queue(maxsize=SHELF)
    doors_open = multiprocessing.Event()
    baker = multiprocessing.Process(target=bake, args=(shelf,), name="baker")
    customer = multiprocessing.Process(target=buy, args=(shelf, doors_open), name="customer")
    baker.start()
    customer.start()

    # The shop opens late, when the shelf has been full for a while.
    baker.join(timeout=1.5)
    doors_open.set()
    print("The shop is open")

    baker.join()
    customer.join()
    print("Sold out")


if __name__ == "__main__":
    main()
