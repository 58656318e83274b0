"""Workers end early, and stay until the program, which computes meanwhile, joins them all."""

import multiprocessing as mp
import subprocess
import sys
import time


def count(numbers, results):
    results.put(sum(numbers))


def main():
    results = mp.SimpleQueue()
    workers = [mp.Process(target=count, args=(range(n), results)) for n in range(6)]
    for each in workers:
        each.start()
    helpers = [subprocess.Popen(["true"]) for _ in range(4)]
    total = sum(results.get() for _ in workers)
    time.sleep(5.5)  # much to compute
    for each in (*workers, *helpers):
        (each.join if isinstance(each, mp.Process) else each.wait)()
    print(total)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
