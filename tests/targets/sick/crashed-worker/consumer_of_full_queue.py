"""A consumer crashes on a bad item; two producers wait for room in a bounded queue.

finds: crashed-worker
says: packer | ZeroDivisionError | parcels
"""

import multiprocessing as mp
import sys


def produce(parcels, first):
    for number in range(first, first + 30):
        parcels.put(number)


def pack(parcels, count):
    for _ in range(count):
        parcel = parcels.get()
        print("weight", 100 // (parcel - 3), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    parcels = mp.Queue(maxsize=4)
    producers = [
        mp.Process(target=produce, args=(parcels, first), name=f"producer-{first}", daemon=True)
        for first in (0, 100)
    ]
    packer = mp.Process(target=pack, args=(parcels, 60), name="packer", daemon=True)
    for process in (*producers, packer):
        process.start()
    for process in (*producers, packer):
        process.join()
