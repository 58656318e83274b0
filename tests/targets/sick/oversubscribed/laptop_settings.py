"""Chunks are hashed by eight workers, as on the laptop; the container has one processor.

finds: oversubscribed
says: 8 processes compute on 1 processor | Start as many workers
"""

import hashlib
import multiprocessing as mp
import os
import sys

WORKERS = 8


def digest(seed):
    value = seed.to_bytes(4, "big")
    for _ in range(3_000_000):
        value = hashlib.sha256(value).digest()
    return value.hex()


def main():
    with mp.Pool(WORKERS) as pool:
        for text in pool.imap_unordered(digest, range(400)):
            print(text[:8])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # as a container would
    main()
