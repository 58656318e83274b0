"""Two queues: the consumer of `crowded` is slow, the producer of `idle` is slow."""

import multiprocessing
import sys
import time


def give(queue, pause):
    """Put numbers for ever."""
    number = 0
    while True:
        queue.put({"number": number, "text": f"item {number}"})
        number += 1
        time.sleep(pause)


def take(queue, pause):
    """Get them for ever."""
    while True:
        queue.get()
        time.sleep(pause)


if __name__ == "__main__":
    crowded = multiprocessing.Queue(5)
    idle = multiprocessing.Queue(5)
    for name, target, queue, pause in (
        ("eager giver", give, crowded, 0),
        ("slow taker", take, crowded, 0.02),
        ("slow giver", give, idle, 0.02),
        ("eager taker", take, idle, 0),
    ):
        multiprocessing.Process(target=target, args=(queue, pause), name=name, daemon=True).start()
    time.sleep(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
