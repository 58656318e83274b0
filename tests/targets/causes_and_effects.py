"""Does to each kind of object what is known exactly: who put what, who held the lock after whom.

Each section shows what must be true of it: items carry who put them and their number; whoever
holds the lock writes itself down in memory that only the lock protects.
"""

import multiprocessing
import threading
import time
from concurrent.futures import ProcessPoolExecutor

PRODUCERS, CONSUMERS, ITEMS = 2, 3, 30
HOLDERS, TURNS = 3, 12


def produce(jobs, me):
    for number in range(ITEMS):
        jobs.put((me, number))
        if number % 5 == 0:
            time.sleep(0.004)


def consume(jobs, results):
    while True:
        item = jobs.get()
        if item is None:
            return
        results.put(item)


def hold(lock, log, me):
    for _ in range(TURNS):
        with lock:
            log[0] += 1
            log[log[0]] = me
            time.sleep(0.001)
        if me:
            time.sleep(0.0005 * me)  # so that it goes round, not always to the same one


def await_gate(gate, end):
    for _ in range(3):
        end.send("ready")
        assert gate.wait(30)
        end.send("through")
        assert end.recv() == "next"


def square(number):
    return number * number


def cube(number):
    time.sleep(0.001)
    return number**3


def pipeline():
    jobs, results = multiprocessing.Queue(), multiprocessing.Queue()
    consumers = [
        multiprocessing.Process(target=consume, args=(jobs, results)) for _ in range(CONSUMERS)
    ]
    producers = [
        multiprocessing.Process(target=produce, args=(jobs, f"p{n}")) for n in range(PRODUCERS)
    ]
    for process in consumers + producers:
        process.start()
    for _ in range(PRODUCERS * ITEMS):
        results.get()
    for _ in consumers:
        jobs.put(None)
    for process in consumers + producers:
        process.join()


def queue_of_one():
    """One putter, one getter; all items look alike."""
    alike = multiprocessing.Queue()
    putter = threading.Thread(target=lambda: [alike.put(None) for _ in range(20)], name="putter")
    putter.start()
    for _ in range(20):
        alike.get()
    putter.join()


def turns():
    lock, log = multiprocessing.Lock(), multiprocessing.RawArray("i", 1 + HOLDERS * TURNS)
    holders = [multiprocessing.Process(target=hold, args=(lock, log, n)) for n in range(HOLDERS)]
    for process in holders:
        process.start()
    for process in holders:
        process.join()
    print("holders:", *[holders[n].pid for n in log[1:]], flush=True)


def gates():
    gate = multiprocessing.Event()
    here, there = multiprocessing.Pipe()
    waiter = multiprocessing.Process(target=await_gate, args=(gate, there))
    waiter.start()
    for _ in range(3):
        assert here.recv() == "ready"
        time.sleep(0.01)  # so that it waits, in all likelihood
        gate.set()
        assert here.recv() == "through"
        gate.clear()
        here.send("next")
    waiter.join()


def pools():
    with multiprocessing.Pool(2) as pool:
        found = [pool.apply_async(square if n % 2 else cube, (n,)) for n in range(10)]
        for result in found:
            result.get()
        pool.map(square, range(8), chunksize=2)
    with ProcessPoolExecutor(2) as executor:
        list(executor.map(square, range(3)))
        list(executor.map(cube, range(3)))


if __name__ == "__main__":
    pipeline()
    queue_of_one()
    turns()
    gates()
    pools()
