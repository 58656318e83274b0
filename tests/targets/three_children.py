"""Three multiprocessing children at once, each writing numbered lines; start method as argument."""

import multiprocessing
import os
import sys


def chatter(name, lines, barrier):
    barrier.wait()
    for number in range(lines):
        print(f"{name} {os.getpid()} {number}")
        if number % 10 == 0:
            print(f"{name} {os.getpid()} err {number}", file=sys.stderr)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    barrier = multiprocessing.Barrier(3)
    children = [
        multiprocessing.Process(target=chatter, args=(f"child-{n}", 300, barrier)) for n in range(3)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print("parent", os.getpid(), "done")
