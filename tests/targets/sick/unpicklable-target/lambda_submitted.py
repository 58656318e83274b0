"""A lambda is given to an executor; the exception comes out only where its result is wanted.

finds: unpicklable-target
says: <lambda> | executor | never sent
ends: yes
"""

import multiprocessing as mp
import sys
from concurrent.futures import ProcessPoolExecutor

if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with ProcessPoolExecutor(2) as executor:
        squares = [executor.submit(lambda n=n: n * n) for n in range(3)]
        print([square.result() for square in squares])
