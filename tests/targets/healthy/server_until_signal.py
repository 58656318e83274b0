"""A service waits for a signal to end it, and its workers for work; then the signal comes."""

import multiprocessing as mp
import os
import signal
import subprocess
import sys


def serve(jobs):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while (job := jobs.get()) is not None:
        print("job", job)


def main():
    jobs = mp.Queue()
    signal.signal(signal.SIGTERM, lambda *_: None)
    worker = mp.Process(target=serve, args=(jobs,))
    worker.start()
    clock = subprocess.Popen(["sh", "-c", f"sleep 4.5; kill -TERM {os.getpid()}"])
    signal.pause()
    jobs.put(None)
    worker.join()
    clock.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
