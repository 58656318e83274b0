"""A task of an imap calls sys.exit when it does not like what it was given.

finds: lost-pool-task
says: convert | exit code 3 | sys.exit | exits_in_task.py:14
"""

import multiprocessing as mp
import sys


def convert(page):
    if not page:
        print("page is empty", file=sys.stderr, flush=True)
        sys.exit(3)
    return page.upper()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    pages = ["title", "contents", "", "index"]
    with mp.Pool(2) as pool:
        for number, page in enumerate(pool.imap(convert, pages)):
            print(number, page, flush=True)
