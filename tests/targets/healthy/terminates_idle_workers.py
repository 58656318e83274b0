"""Main terminates workers that wait for more, and a pool in the midst of its tasks."""

import multiprocessing as mp
import sys
import time


def work(jobs, done):
    while True:
        done.put(jobs.get())


def main():
    jobs, done = mp.Queue(), mp.Queue()
    workers = [mp.Process(target=work, args=(jobs, done)) for _ in range(2)]
    for each in workers:
        each.start()
    for number in range(4):
        jobs.put(number)
    print(sum(done.get() for _ in range(4)))
    time.sleep(1)
    for each in workers:
        each.terminate()
        each.join()
    with mp.Pool(2) as pool:
        print(next(pool.imap_unordered(time.sleep, [0.1, 20, 20])))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
