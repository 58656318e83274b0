"""Prints as fast as it can: printer.py print|flush|logging PRINTERS LINES FILE

How many seconds it took goes to FILE.
"""

from __future__ import annotations

import logging
import multiprocessing
import sys
import time


def work(way: str, lines: int) -> None:
    """All lines of one printer."""
    if way == "print":
        for number in range(lines):
            print("worker", number, "did some work")
    elif way == "flush":
        for number in range(lines):
            print("worker", number, "did some work", flush=True)
    else:
        logging.basicConfig(level=logging.INFO)
        log = logging.getLogger("worker")
        for number in range(lines):
            log.info("%d did some work", number)
    sys.stdout.flush()


def main() -> None:
    """Time the printers."""
    way, printers, lines, result = sys.argv[1], *map(int, sys.argv[2:4]), sys.argv[4]
    began = time.monotonic()
    if printers == 1:
        work(way, lines)
    else:
        fork = multiprocessing.get_context("fork")
        processes = [fork.Process(target=work, args=(way, lines)) for _ in range(printers)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
    with open(result, "w") as file:
        file.write(str(time.monotonic() - began))


if __name__ == "__main__":
    main()
