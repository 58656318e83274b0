"""The barrier is made for the workers and main; main forgets to come.

finds: barrier-short
says: start_line | 3 of
"""

import multiprocessing as mp
import sys


def run(start_line, number):
    start_line.wait()
    print("runner", number, flush=True)


def main():
    start_line = mp.Barrier(4)
    runners = [
        mp.Process(target=run, args=(start_line, number), name=f"runner-{number}")
        for number in range(3)
    ]
    for each in runners:
        each.start()
    for each in runners:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
