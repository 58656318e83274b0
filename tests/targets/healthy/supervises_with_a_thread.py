"""Main waits for events for ever; a thread of it starts crashed workers anew, after a while."""

import multiprocessing as mp
import sys
import threading
import time


def work(events, turn):
    events.put(f"turn {turn}")
    if turn < 2:
        raise RuntimeError(f"turn {turn} does not work out")
    events.put(None)


def supervise(events):
    for turn in range(3):
        worker = mp.Process(target=work, args=(events, turn), name="worker")
        worker.start()
        worker.join()
        time.sleep(2.5 if worker.exitcode else 0)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    events = mp.Queue()
    thread = threading.Thread(target=supervise, args=(events,))
    thread.start()
    for event in iter(events.get, None):
        print(event, flush=True)
    thread.join()
