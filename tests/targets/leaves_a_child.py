"""The program is killed; a child of it, told nothing, goes on until its file is gone."""

import multiprocessing
import os
import signal
import sys
import time


def poll(path):
    print("polls", flush=True)
    while os.path.exists(path):
        time.sleep(0.01)
    print("polled", flush=True)


def main():
    child = multiprocessing.Process(target=poll, args=(sys.argv[1],), name="poller")
    child.start()
    sys.stdin.readline()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # not the default everywhere
    main()
