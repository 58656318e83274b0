"""The programs that `probe_overhead` watches: each prints the seconds that one of its hot section
took. `python hot_sections.py NAME`"""

import multiprocessing as mp
import sys
import time


def _produce(queue, count):
    for number in range(count):
        queue.put(number)
    queue.put(None)


def queue(count=100_000):
    """One process puts, another gets."""
    jobs = mp.Queue()
    producer = mp.Process(target=_produce, args=(jobs, count))
    producer.start()
    jobs.get()
    begin = time.perf_counter()
    while jobs.get() is not None:
        pass
    seconds = time.perf_counter() - begin
    producer.join()
    return seconds / count


def _nothing(number):
    return number


def pool(count=20_000):
    """Small tasks, one at a time."""
    with mp.Pool(2) as workers:
        workers.map(_nothing, range(10))
        begin = time.perf_counter()
        for _ in workers.imap(_nothing, range(count)):
            pass
        return (time.perf_counter() - begin) / count


def _work(_):
    end = time.perf_counter() + 0.001
    while time.perf_counter() < end:
        pass


def tasks_of_1_ms(count=2_000):
    """Tasks that compute for a millisecond."""
    with mp.Pool(2) as workers:
        workers.map(_nothing, range(10))
        begin = time.perf_counter()
        workers.map(_work, range(count), chunksize=1)
        return (time.perf_counter() - begin) / count


def _echo(end):
    while (item := end.recv()) is not None:
        end.send(item)


def pipe(count=20_000):
    """There and back."""
    here, there = mp.Pipe()
    echo = mp.Process(target=_echo, args=(there,))
    echo.start()
    here.send(0)
    here.recv()
    begin = time.perf_counter()
    for number in range(count):
        here.send(number)
        here.recv()
    seconds = time.perf_counter() - begin
    here.send(None)
    echo.join()
    return seconds / count


def lock(count=300_000):
    """A lock that nobody else wants."""
    mine = mp.Lock()
    acquire, release = mine.acquire, mine.release
    begin = time.perf_counter()
    for _ in range(count):
        acquire()
        release()
    return (time.perf_counter() - begin) / count


def _add(wanted, total, count):
    for _ in range(count):
        with wanted:
            total.value += 1


def contended_lock(count=50_000):
    """Two processes, one lock."""
    wanted, total = mp.Lock(), mp.Value("i", 0, lock=False)
    workers = [mp.Process(target=_add, args=(wanted, total, count)) for _ in range(2)]
    begin = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return (time.perf_counter() - begin) / count


def _pong(ping, pong, count):
    for _ in range(count):
        ping.wait()
        ping.clear()
        pong.set()


def event(count=5_000):
    """Two events, set in turn."""
    ping, pong = mp.Event(), mp.Event()
    other = mp.Process(target=_pong, args=(ping, pong, count))
    other.start()
    begin = time.perf_counter()
    for _ in range(count):
        ping.set()
        pong.wait()
        pong.clear()
    seconds = time.perf_counter() - begin
    other.join()
    return seconds / count


def manager(count=5_000):
    """Calls through a proxy."""
    with mp.Manager() as server:
        shared = server.dict()
        shared[1] = 1
        begin = time.perf_counter()
        for number in range(count):
            shared[1] = number
        return (time.perf_counter() - begin) / count


def fork_start(count=300):
    """A child by fork that does nothing: start and join."""
    context = mp.get_context("fork")
    begin = time.perf_counter()
    for _ in range(count):
        child = context.Process(target=_nothing, args=(0,))
        child.start()
        child.join()
    return (time.perf_counter() - begin) / count


def alone(count=300_000):
    """No multiprocessing at all."""
    begin = time.perf_counter()
    table = {}
    for number in range(count):
        table[number % 1000] = str(number).encode()
    return (time.perf_counter() - begin) / count


if __name__ == "__main__":
    mp.set_start_method("fork")
    print(globals()[sys.argv[1]]())
