"""Clerks share a manager's dict in order: totals under a lock, a proxy of a list, and a flag."""

import multiprocessing
import sys
import time


def work(name, ledger, lock):
    for number in range(8):
        with lock:
            ledger["count"] = ledger["count"] + one()
        ledger["orders"].append((name, number))
        ledger[name] = ledger[name] + [number]
        ledger["seen"] = ledger["seen"] or True
        for order in sorted(ledger["prices"]):
            ledger["prices"].get(order)


def one():
    time.sleep(0.003)
    return 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        multiprocessing.set_start_method(sys.argv[1])
    names, lock = ("Ann", "Ben", "Cy"), multiprocessing.Lock()
    with multiprocessing.Manager() as manager:
        ledger = manager.dict(
            count=0, seen=False, prices={"tea": 2, "bun": 1}, Ann=[], Ben=[], Cy=[]
        )
        ledger["orders"] = manager.list()
        clerks = [
            multiprocessing.Process(target=work, args=(name, ledger, lock), name=name)
            for name in names
        ]
        for clerk in clerks:
            clerk.start()
        for clerk in clerks:
            clerk.join()
        assert (ledger["count"], len(ledger["orders"])) == (24, 24)
