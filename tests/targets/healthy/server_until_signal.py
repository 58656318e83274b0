"""A service waits for a signal to end it, and its workers for work; then the signal comes."""

import multiprocessing as mp
import os
import signal
import subprocess
import sys


def serve(stop, jobs):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while (job := jobs.get()) is not None:
        print("job", job)


def main():
    stop, jobs = mp.Event(), mp.Queue()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    worker = mp.Process(target=serve, args=(stop, jobs))
    worker.start()
    clock = subprocess.Popen(["sh", "-c", f"sleep 4.5; kill -TERM {os.getpid()}"])
    stop.wait()
    jobs.put(None)
    worker.join()
    clock.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
