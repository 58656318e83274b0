"""A camera delivers frames faster than the one who looks at them.

finds: backlog-growing
says: frames | camera | viewer | MB
"""

import multiprocessing as mp
import sys
import time


def shoot(frames):
    for _ in range(3000):
        frames.put(bytes(2_000))
        time.sleep(0.01)


def look(frames):
    while True:
        frames.get()
        time.sleep(0.05)


def main():
    frames = mp.Queue()
    people = [
        mp.Process(target=work, args=(frames,), name=name, daemon=True)
        for work, name in ((shoot, "camera"), (look, "viewer"))
    ]
    for each in people:
        each.start()
    for each in people:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
