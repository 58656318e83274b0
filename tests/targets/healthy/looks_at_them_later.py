"""All results of an imap are there soon, and are looked at in turn after something else."""

import multiprocessing as mp
import sys
import time


def measure(step):
    return [step] * 200


def main():
    with mp.Pool(2) as pool:
        results = pool.imap(measure, range(3_000), chunksize=5)
        some = pool.imap_unordered(measure, range(500))
        next(some)  # the others are nobody's any more
        time.sleep(1.5)
        total = 0
        for values in results:
            total += sum(values)
            if values[0] % 100 == 0:
                time.sleep(0.1)
    print(total)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
