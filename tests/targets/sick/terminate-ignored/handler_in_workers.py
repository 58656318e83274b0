"""Main handles SIGTERM; the workers of its pool, forked later, do so too and are not ended by it.

finds: terminate-ignored
says: SIGTERM | handler | inherited
methods: fork
"""

import multiprocessing as mp
import signal
import sys
import time


def on_term(number, frame):
    print("shutting down", flush=True)


def work(seconds):
    time.sleep(seconds)
    return seconds


def main():
    signal.signal(signal.SIGTERM, on_term)
    with mp.Pool(2) as pool:
        first = next(pool.imap_unordered(work, [0.1, 45, 45]))
        print("first", first, flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
