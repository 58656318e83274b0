"""Programs that wait for each other through pipes, each in a way of its own, until killed.

full: waits for a child whose output nobody reads; unfed: for one that reads what nobody writes;
talk: each of the two waits for the other to speak; kept: reads from a pipe whose other end only it
has itself; heir: joins a reader, and has the pipe's other end open; looped: asyncio waits for a
child whose output nobody reads; alone: another thread could still use the other end; served: wants
a manager's lock whose holder waits for another; widow: one whose holder has ended; patient: reads
the output after a while.
"""

import asyncio
import multiprocessing
import subprocess
import sys
import threading
import time

CHATTER = "for number in range(5000): print('finding', number, 'x' * 60)"
ECHO = "for line in __import__('sys').stdin: print(line)"


def full():
    checker = subprocess.Popen([sys.executable, "-c", CHATTER], stdout=subprocess.PIPE)
    checker.wait()


def patient():
    checker = subprocess.Popen([sys.executable, "-c", CHATTER], stdout=subprocess.PIPE)
    try:
        checker.wait(600)
    finally:
        checker.stdout.read()


def unfed():
    echo = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    echo.wait()


def talk():
    echo = subprocess.Popen(
        [sys.executable, "-c", ECHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    echo.stdin.write("hello\n")  # stays in the buffer
    echo.stdout.readline()


def kept():
    source, sink = multiprocessing.Pipe(duplex=False)
    writer = multiprocessing.Process(target=sink.send, args=("hello",), name="writer")
    writer.start()
    source.recv()
    source.recv()


def read_all(source):
    while True:
        source.recv()


def heir():
    source, sink = multiprocessing.Pipe(duplex=False)
    reader = multiprocessing.Process(target=read_all, args=(source,), name="reader")
    reader.start()
    sink.send("hello")
    reader.join()


def looped():
    async def wait():
        checker = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHATTER.replace("5000", "50000"), stdout=asyncio.subprocess.PIPE
        )
        await checker.wait()

    asyncio.run(wait())


def alone():
    source, sink = multiprocessing.Pipe(duplex=False)
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    source.recv()
    sink.close()


def take(lock, ready):
    lock.acquire()
    ready.set()
    ready.clear()
    ready.wait()


def served():
    with multiprocessing.Manager() as manager:
        lock, ready = manager.Lock(), manager.Event()
        holder = multiprocessing.Process(target=take, args=(lock, ready), name="holder")
        holder.start()
        ready.wait()
        lock.acquire()


def widow():
    with multiprocessing.Manager() as manager:
        lock = manager.Lock()
        holder = multiprocessing.Process(target=lock.acquire, name="holder")
        holder.start()
        holder.join()
        lock.acquire()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
