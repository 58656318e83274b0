"""Clerks append orders to a list within a manager's dict: to a copy of it.

finds: lost-updates
says: ledger['orders'] is gone | .append() | orders_in_a_copy.py:15 | manager.list()
ends: yes
"""

import multiprocessing
import sys


def work(name, ledger):
    for number in range(5):
        order = f"{name}-{number}"
        ledger["orders"].append(order)
        ledger[name] = order


if __name__ == "__main__":
    if len(sys.argv) > 1:
        multiprocessing.set_start_method(sys.argv[1])
    with multiprocessing.Manager() as manager:
        ledger = manager.dict()
        ledger["orders"] = []
        clerks = [
            multiprocessing.Process(target=work, args=(name, ledger), name=name)
            for name in ("Ann", "Ben")
        ]
        for clerk in clerks:
            clerk.start()
        for clerk in clerks:
            clerk.join()
        print(len(ledger["orders"]), "orders", flush=True)
