"""Main fills the queue, and joins the workers, which nobody tells that that was all.

finds: starved-consumers
says: frames | encoder- | which put into it
"""

import multiprocessing as mp
import sys


def encode(frames, sizes):
    while True:
        frame = frames.get()
        sizes.append(len(frame)) if isinstance(sizes, list) else None


def main():
    frames = mp.Queue()
    encoders = [
        mp.Process(target=encode, args=(frames, None), name=f"encoder-{number}")
        for number in range(2)
    ]
    for each in encoders:
        each.start()
    for number in range(12):
        frames.put("frame" * number)
    for each in encoders:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
