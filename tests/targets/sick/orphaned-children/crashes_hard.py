"""Main leaves by os._exit at a fault, so that nothing can go wrong any more; its workers stay.

finds: orphaned-children
says: worker- | exit code 3
"""

import multiprocessing as mp
import os
import sys
import time


def work(ready):
    ready.release()
    for _ in range(14):
        time.sleep(0.5)


def main():
    ready = mp.Semaphore(0)
    for number in range(2):
        mp.Process(target=work, args=(ready,), name=f"worker-{number}", daemon=True).start()
    for _ in range(2):
        ready.acquire()
    try:
        print(1 / 0)
    except ZeroDivisionError:
        os._exit(3)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
