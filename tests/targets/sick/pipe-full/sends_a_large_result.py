"""A child sends a result that is larger than a pipe; main joins it before it receives that.

finds: pipe-full
says: mine | full | solver
"""

import multiprocessing as mp
import sys


def solve(mine, size):
    mine.send([0.5] * size)
    mine.close()


def main():
    theirs, mine = mp.Pipe(duplex=False)
    solver = mp.Process(target=solve, args=(mine, 200_000), name="solver")
    solver.start()
    solver.join()
    print(len(theirs.recv()))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
