"""Workers compute outside of the lock and only write while holding it; they meet there at times."""

import multiprocessing as mp
import sys
import time


def work(lock, total, until):
    while time.monotonic() < until:
        time.sleep(0.02)
        with lock:
            time.sleep(0.004)
            total.value += 1


def main():
    lock, total = mp.Lock(), mp.Value("q", 0, lock=False)
    until = time.monotonic() + 7
    people = [mp.Process(target=work, args=(lock, total, until)) for _ in range(4)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    print(total.value)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
