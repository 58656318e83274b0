"""Workers end at a sentinel, which is an item as well.

finds: forgotten-task-done
says: pages | ended
"""

import multiprocessing as mp
import sys


def work(pages):
    while True:
        page = pages.get()
        if page is None:
            return
        print("page", page, flush=True)
        pages.task_done()


def main():
    pages = mp.JoinableQueue()
    workers = [mp.Process(target=work, args=(pages,), name=f"press-{n}") for n in range(2)]
    for each in workers:
        each.start()
    for page in [*range(6), None, None]:
        pages.put(page)
    pages.join()
    for each in workers:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
