"""Processes that wait for each other, for the dead, and for what nobody brings, until killed.

alice and bob take two locks in opposite order; clerk dies with a lock that teller wants; consumer
gets on although both producers have ended; pusher puts into a full queue; caller and callee both
wait for the other to speak; idler waits for an event; main joins it.
"""

import multiprocessing
import os
import signal
import threading
import time


def cross(first, second, mine, other):
    with first:
        mine.set()
        other.wait()
        with second:
            pass


def die_with(ledger):
    ledger.acquire()
    os.kill(os.getpid(), signal.SIGKILL)


def want(ledger):
    ledger.acquire()


def produce(jobs, count):
    for number in range(count):
        jobs.put(number)


def consume(jobs):
    while True:
        jobs.get()


def push(narrow):
    narrow.put(1)
    narrow.put(2)


def listen(end):
    end.recv()


def idle(never):
    never.wait()


def steady():
    while True:
        time.sleep(0.05)


def main():
    north, south = multiprocessing.Lock(), multiprocessing.Lock()
    ledger = multiprocessing.Lock()
    jobs = multiprocessing.Queue()
    narrow = multiprocessing.Queue(1)
    here, there = multiprocessing.Pipe()
    never = multiprocessing.Event()
    ready = multiprocessing.Event()
    set_out = multiprocessing.Event()
    people = [
        ("alice", cross, (north, south, ready, set_out)),
        ("bob", cross, (south, north, set_out, ready)),
        ("clerk", die_with, (ledger,)),
        ("producer-1", produce, (jobs, 4)),
        ("producer-2", produce, (jobs, 2)),
        ("pusher", push, (narrow,)),
        ("caller", listen, (here,)),
        ("callee", listen, (there,)),
        ("idler", idle, (never,)),
    ]
    family = {}
    for name, target, arguments in people:
        child = multiprocessing.Process(target=target, args=arguments, name=name)
        child.start()
        family[name] = child
    for name in ("clerk", "producer-1", "producer-2"):
        family[name].join()
    for name, target, arguments in (("teller", want, (ledger,)), ("consumer", consume, (jobs,))):
        family[name] = multiprocessing.Process(target=target, args=arguments, name=name)
        family[name].start()
    threading.Thread(target=steady, name="steady", daemon=True).start()
    family["idler"].join()


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # not the default everywhere
    main()
