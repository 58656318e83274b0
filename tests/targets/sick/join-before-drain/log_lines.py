"""A worker logs many lines into a queue that main reads once the worker is done.

finds: join-before-drain
says: lines | crawler
"""

import multiprocessing as mp
import sys


def crawl(lines):
    for page in range(3000):
        lines.put(f"page {page} of the site was fetched, 200 OK, and has {page * 7} links on it")


class Crawl:
    def __init__(self):
        self.lines = mp.Queue()
        self.process = mp.Process(target=crawl, args=(self.lines,), name="crawler", daemon=True)

    def run(self):
        self.process.start()
        self.process.join()
        found = []
        while not self.lines.empty():
            found.append(self.lines.get())
        return found


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    print(len(Crawl().run()))
