"""Of several tasks only the first result is wanted; the pool is terminated in midst of others. A
result that has come by then is asked for after that."""

import multiprocessing as mp
import sys
import time


def search(seconds):
    time.sleep(seconds)
    return seconds


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with mp.Pool(3) as pool:
        early = pool.apply_async(search, (0.1,))
        print("first:", next(pool.imap_unordered(search, [30, 0.3, 30])))
        early.wait()
    print("early:", early.get())
    time.sleep(1)
    pool = mp.Pool(2)
    waiting = pool.map_async(search, [20, 20])
    print(next(iter(pool.imap_unordered(search, []))) if waiting.ready() else "not yet")
    time.sleep(0.5)
    pool.terminate()
    pool.join()
    time.sleep(1)
