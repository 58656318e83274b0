"""A function takes a lock that its caller holds already.

finds: deadlock
says: state_lock | already
"""

import multiprocessing as mp
import sys


class Counter:
    def __init__(self):
        self.state_lock = mp.Lock()
        self.value = mp.Value("i", 0, lock=False)

    def add(self, number):
        with self.state_lock:
            self.value.value += number
            if self.value.value > 3:
                self.reset()

    def reset(self):
        with self.state_lock:
            self.value.value = 0


def work(counter):
    for number in range(5):
        counter.add(number)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    counter = Counter()
    worker = mp.Process(target=work, args=(counter,), name="adder")
    worker.start()
    worker.join()
