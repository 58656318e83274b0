"""Main comes to its end once all who measure have begun; its manager goes with it, and they crash.

finds: crashed-worker
says: which it called, had ended before | SyncManager | readings | outlives_its_manager.py:15
ends: yes
"""

import multiprocessing as mp
import sys
import time


def measure(readings, probe):
    for step in range(300):
        readings[probe] = step * 0.5
        time.sleep(0.1)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    manager = mp.Manager()
    readings = manager.dict()
    for probe in range(2):
        mp.Process(target=measure, args=(readings, probe)).start()
    while len(readings) < 2:
        time.sleep(0.05)
    print("all have begun")
