"""A listener ignores SIGTERM, since its author wanted Ctrl+C not to cut it short.

finds: terminate-ignored
says: listener | ignored
"""

import multiprocessing as mp
import signal
import sys


def listen(ready, messages):
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    ready.set()
    while True:
        print(messages.get(), flush=True)


def main():
    ready, messages = mp.Event(), mp.Queue()
    listener = mp.Process(target=listen, args=(ready, messages), name="listener")
    listener.start()
    ready.wait()
    messages.put("hello")
    listener.terminate()
    listener.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
