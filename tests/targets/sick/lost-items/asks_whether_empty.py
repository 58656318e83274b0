"""Workers stop as soon as the queue is empty, and it is before the feeder has sent anything.

finds: lost-items starved-consumers
says: jobs | empty() | left
ends: yes
"""

import multiprocessing as mp
import sys
import time


class Image:
    """Pickles slowly, as a large one does."""

    def __reduce__(self):
        time.sleep(1)
        return Image, ()


def work(jobs, done):
    while not jobs.empty():
        jobs.get()
        done.value += 1


def main():
    jobs, done = mp.Queue(), mp.Value("i", 0)
    for _ in range(3):
        jobs.put(Image())
    workers = [mp.Process(target=work, args=(jobs, done)) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    print("done:", done.value, flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
