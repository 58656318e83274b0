"""One helper after another ends, and the next start, or the parent's own look, takes it away."""

import multiprocessing as mp
import os
import subprocess
import sys
import time


def say(number):
    print("helper", number)


def main():
    end, number = time.monotonic() + 5.5, 0
    while time.monotonic() < end:
        mp.Process(target=say, args=(number,)).start()
        subprocess.Popen(["true"])
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        time.sleep(0.4)
        os.waitpid(pid, 0)
        number += 1
    mp.active_children()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
