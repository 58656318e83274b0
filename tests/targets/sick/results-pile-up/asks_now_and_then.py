"""A window takes one result each time it is drawn, and the workers go on in between.

finds: results-pile-up
says: workers | measure | asks_now_and_then.py
"""

import multiprocessing as mp
import sys
import time


def measure(step):
    time.sleep(0.002)
    return {"step": step, "values": [step * 0.5] * 20}


def steps():
    step = 0
    while True:
        yield step
        step += 1


class Window:
    def __init__(self, results):
        self.results = results
        self.shown = None

    def draw(self):
        self.shown = next(self.results)

    def run(self):
        while True:
            self.draw()
            time.sleep(1 / 20)


def main():
    workers = mp.Pool(3)
    results = workers.imap(measure, steps())
    Window(results).run()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
