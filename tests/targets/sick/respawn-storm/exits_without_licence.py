"""Each worker checks for a licence and exits without one; main waits for the first result.

finds: respawn-storm
says: Engine.start | exit code 4 | sys.exit
"""

import multiprocessing as mp
import os
import sys
import time


class Engine:
    @staticmethod
    def start(variable):
        time.sleep(0.05)
        if variable not in os.environ:
            sys.exit(4)

    @staticmethod
    def solve(number):
        return number * 2


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    pool = mp.Pool(1, Engine.start, ("NO_SUCH_LICENCE",))
    result = pool.apply_async(Engine.solve, (21,))
    print(result.get())
