"""What killed processes hold is waited for: by two processes each, of which the first one that gets
it keeps it until SIGUSR1. Arguments: start method, kinds of what is held."""

import multiprocessing as mp
import os
import signal
import sys
import threading


def hungry(held, taken, kind):
    if kind == "queue":
        threading.Timer(0.3, taken.set).start()  # it is in `get` by then, with the queue's lock
        held.get()
    held.acquire()
    if kind == "rlock":
        held.acquire()
    taken.set()
    signal.pause()


def clerk(held, taken, kind):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    taken.wait()
    if kind == "queue":
        print("got", kind, held.get(), flush=True)
        return
    with held:
        print("entered", kind, mp.current_process().name, flush=True)
        signal.sigwait({signal.SIGUSR1})
    print("left", kind, flush=True)


if __name__ == "__main__":
    mp.set_start_method(sys.argv[1])
    make = {"lock": mp.Lock, "rlock": mp.RLock, "condition": mp.Condition, "queue": mp.Queue}
    make["semaphore"] = lambda: mp.Semaphore(1)
    people = []
    for kind in sys.argv[2:]:
        held, taken = make[kind](), mp.Event()
        people += [
            mp.Process(target=work, name=f"{kind}-{name}", args=(held, taken, kind), daemon=True)
            for work, name in ((hungry, "hungry"), (clerk, "clerk-1"), (clerk, "clerk-2"))
        ]
        for each in people[-3:]:
            each.start()
        taken.wait()
        print("taken", kind, os.getpid(), flush=True)
        if kind == "queue":
            queue = held
    for each in people:
        each.join()
        if each.name == "queue-hungry":
            queue.put("first")
