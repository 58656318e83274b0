"""Workers meet after each round; one of them has fewer rounds to do.

finds: barrier-short
says: round_end | 2 of | 3
"""

import multiprocessing as mp
import sys


def work(round_end, rounds):
    for _ in range(rounds):
        round_end.wait()


def main():
    shares = [4, 4, 3]  # 11 rounds for 3 workers
    round_end = mp.Barrier(len(shares))
    workers = [
        mp.Process(target=work, args=(round_end, rounds), name=f"part-{number}")
        for number, rounds in enumerate(shares)
    ]
    for each in workers:
        each.start()
    for each in workers:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
