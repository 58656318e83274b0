"""Each worker takes the lock of the report for all of its step, and not just to write its line.

finds: serial-bottleneck
says: lock report_lock | 4 processes | counter-1
"""

import multiprocessing as mp
import sys
import time


def measure(place):
    time.sleep(0.02)  # the sensor takes a while
    return place * 7 % 13


def count(report_lock, total, place):
    while True:
        with report_lock:
            value = measure(place)
            total.value += value
        place += 4


def main():
    report_lock, total = mp.Lock(), mp.Value("q", 0, lock=False)
    counters = [
        mp.Process(
            target=count, args=(report_lock, total, number), name=f"counter-{number}", daemon=True
        )
        for number in range(4)
    ]
    for each in counters:
        each.start()
    for each in counters:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
