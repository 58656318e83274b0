"""A program that is done with some queues feeds another one later, from a thread of its own.

The thread waits for what comes from outside, and looks like those of the queues, which are closed.
"""

import multiprocessing as mp
import select
import socket
import sys
import threading

SECONDS = 4.5


def greet(hello):
    hello.get()


def consume(jobs):
    while jobs.get() is not None:
        pass


def send_greeting():
    hello = mp.Queue()
    hello.put("hello")
    child = mp.Process(target=greet, args=(hello,))
    child.start()
    child.join()
    hello.close()
    hello.join_thread()


def feed(jobs, outside):
    select.select([outside], [], [], SECONDS)
    jobs.put("from outside")
    jobs.put(None)


def main():
    for _ in range(2):
        send_greeting()
    jobs = mp.Queue()
    consumer = mp.Process(target=consume, args=(jobs,), name="consumer")
    consumer.start()
    outside, _peer = socket.socketpair()
    threading.Thread(target=feed, args=(jobs, outside)).start()
    consumer.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
