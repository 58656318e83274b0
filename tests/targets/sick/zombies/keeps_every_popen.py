"""A watcher starts a converter for each file that appears, and keeps its Popen for a report.

finds: zombies
says: watcher | children | Popen | keeps_every_popen.py
"""

import multiprocessing as mp
import subprocess
import sys
import time


def watch(folder):
    started = []
    for number in range(10_000):
        command = ["sh", "-c", "exit 0", f"{folder}/{number}.wav"]
        started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        time.sleep(0.5)
    print(sum(each.returncode == 0 for each in started), "converted")


def main():
    watcher = mp.Process(target=watch, args=("music",), name="watcher", daemon=True)
    watcher.start()
    watcher.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
