"""Everything that the wiring can show, with known figures; then it waits until it is ended.

feeder --12--> jobs --12--> splitter --12--> parts --12--> this process --> pool (3 workers)
keeper holds the lock `catalogue`, seeker waits for it; both ends of a pipe; an event for all
"""

import multiprocessing
import os

COUNT = 12


def feed(jobs):
    for number in range(COUNT):
        jobs.put(number)


def split(jobs, parts):
    for _ in range(COUNT):
        parts.put(jobs.get())


def keep(catalogue, end, held, never):
    with catalogue:
        held.set()
        end.send("I have it")
        never.wait()


def seek(catalogue, held):
    held.wait()
    with catalogue:
        pass


def task(number):
    return number


def main():
    jobs = multiprocessing.Queue(5)
    parts = multiprocessing.Queue()
    catalogue = multiprocessing.Lock()
    held = multiprocessing.Event()
    never = multiprocessing.Event()
    here, there = multiprocessing.Pipe()
    for name, target, arguments in (
        ("feeder", feed, (jobs,)),
        ("splitter", split, (jobs, parts)),
        ("keeper", keep, (catalogue, there, held, never)),
        ("seeker", seek, (catalogue, held)),
    ):
        multiprocessing.Process(target=target, args=arguments, name=name, daemon=True).start()
    for _ in range(COUNT):
        parts.get()
    here.recv()
    with multiprocessing.Pool(3) as pool:
        pool.map(task, range(6), chunksize=1)
        print(f"all set in {os.getpid()}", flush=True)
        never.wait()


if __name__ == "__main__":
    main()
