"""A lock and a counter are made as the module is imported, and all workers use these.

finds: would-not-survive-forkserver
says: Each child by forkserver would have a done of its own | count (counts_with_a_global.py:18)
methods: fork
ends: yes
options: check-forkserver
"""

import multiprocessing
import sys

if len(sys.argv) > 1:
    multiprocessing.set_start_method(sys.argv[1], force=True)
done = multiprocessing.Value("i", 0)


def count(numbers):
    for number in numbers:
        if number % 3 == 0:
            with done.get_lock():
                done.value += 1


if __name__ == "__main__":
    workers = [
        multiprocessing.Process(target=count, args=(range(first, first + 30),))
        for first in (0, 30, 60)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("found", done.value)
