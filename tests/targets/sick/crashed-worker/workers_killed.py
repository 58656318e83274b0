"""All consumers are killed for their memory; main puts the rest, and does not end.

finds: crashed-worker
says: Process-1 | SIGKILL
"""

import multiprocessing as mp
import os
import signal
import sys


def count(words, ready):
    while True:
        if words.get() == "a large one":
            ready.release()
            signal.pause()


def main():
    words, ready = mp.Queue(), mp.Semaphore(0)
    workers = [mp.Process(target=count, args=(words, ready), daemon=True) for _ in range(2)]
    for each in workers:
        each.start()
        words.put("a large one")
    for _ in workers:
        ready.acquire()
    for each in workers:
        os.kill(each.pid, signal.SIGKILL)
        each.join()
    for _ in range(3000):
        words.put("word " * 20)
    print("put all", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
