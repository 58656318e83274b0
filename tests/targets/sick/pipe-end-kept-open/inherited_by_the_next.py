"""Each worker ends when its pipe does; the second one has inherited the first one's other end.

finds: pipe-end-kept-open
says: worker-
methods: fork
"""

import multiprocessing as mp
import sys


def work(jobs):
    try:
        while True:
            jobs.recv()
    except EOFError:
        return


def main():
    ends, workers = [], []
    for number in range(2):
        jobs, feed = mp.Pipe(duplex=False)
        worker = mp.Process(target=work, args=(jobs,), name=f"worker-{number}")
        worker.start()
        jobs.close()
        feed.send("a job")
        ends.append(feed)
        workers.append(worker)
    for feed in ends:
        feed.close()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
