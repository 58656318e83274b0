"""Some orders have a lock in them and cannot be sent; the packer waits for the last one.

finds: unpicklable-item
says: Order.wrapping | _thread.lock | orders | gift_wrapped.py:32 | never come
"""

import multiprocessing as mp
import sys
import threading


class Order:
    def __init__(self, number, gift):
        self.number = number
        if gift:
            self.wrapping = threading.Lock()


def pack(orders, count):
    for _ in range(count):
        print("got", orders.get().number, flush=True)
    print("all packed", flush=True)


def main():
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    orders = mp.Queue()
    packer = mp.Process(target=pack, args=(orders, 3), name="packer", daemon=True)
    packer.start()
    for number in (1, 2, 3):
        orders.put(Order(number, gift=number == 2))
    packer.join()


if __name__ == "__main__":
    main()
