"""Workers take a slot for each page, and do not give it back where a page is missing.

finds: semaphore-exhausted
says: slots | acquired | fetcher-
"""

import multiprocessing as mp
import sys


def fetch(slots, pages):
    for page in pages:
        slots.acquire()
        if page is None:
            print("no such page", flush=True)
            continue
        slots.release()


def main():
    slots = mp.Semaphore(2)
    pages = [["a", None, "b", None, "c"], ["d", None, "e", None, "f"]]
    workers = [
        mp.Process(target=fetch, args=(slots, part), name=f"fetcher-{number}")
        for number, part in enumerate(pages)
    ]
    for each in workers:
        each.start()
    for each in workers:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
