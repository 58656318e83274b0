"""A handler for Ctrl-C, of the program's own, puts what ends it into the queue that it waits at."""

import multiprocessing as mp
import os
import signal
import subprocess
import sys


def reports(news, orders):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    news.put("ready")
    while orders.get() != "stop":
        news.put("done")


def main():
    news, orders = mp.SimpleQueue(), mp.Queue()
    helper = mp.Process(target=reports, args=(news, orders))
    helper.start()
    signal.signal(signal.SIGINT, lambda *_: news.put("stop"))
    clock = subprocess.Popen(["sh", "-c", f"sleep 4.5; kill -INT {os.getpid()}"])
    while (word := news.get()) != "stop":
        print(word)
    orders.put("stop")
    helper.join()
    clock.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
