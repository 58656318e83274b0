"""A library that a task uses calls os._exit; as results are waited for in any order.

finds: broken-pool
says: check | exit code 70 | os._exit
ends: yes
"""

import multiprocessing as mp
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed


def check(licence):
    if licence == "expired":
        os._exit(70)
    return licence


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with ProcessPoolExecutor(2) as executor:
        futures = [executor.submit(check, each) for each in ("free", "site", "expired", "trial")]
        for future in as_completed(futures):
            print(future.result(), flush=True)
