"""The program's last words are outermost: all that it started waits for a start that never comes,
and Ctrl-C ends it in order."""

import multiprocessing as mp
import os
import signal
import subprocess
import sys


def runner(number, start, lanes):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with lanes:
        start.wait()
        print("runner", number, "starts")


def race():
    start, lanes, over = mp.Event(), mp.Semaphore(2), mp.Barrier(4)
    runners = [mp.Process(target=runner, args=(n, start, lanes), daemon=True) for n in range(3)]
    for each in runners:
        each.start()
    over.wait()


def call_off_later():
    return subprocess.Popen(["sh", "-c", f"sleep 4.5; kill -INT {os.getpid()}"])


def main():
    clock = call_off_later()
    try:
        race()
    except (KeyboardInterrupt, EOFError):
        print("called off")
    clock.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
