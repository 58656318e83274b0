"""A reader returns when it has found what it looked for; the writer goes on filling the queue.

finds: starved-consumers
says: lines | full | finder
"""

import multiprocessing as mp
import sys


def find(lines):
    while True:
        if "needle" in lines.get():
            print("found", flush=True)
            return


def main():
    lines = mp.Queue(maxsize=5)
    finder = mp.Process(target=find, args=(lines,), name="finder")
    finder.start()
    for number in range(200):
        lines.put("a needle" if number == 20 else "hay")
    finder.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
