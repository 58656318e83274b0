"""Children are forked beside threads and then sleep, wait for a signal, or for a pipe; all end."""

import multiprocessing as mp
import os
import signal
import sys
import threading
import time


def sleep():
    time.sleep(3.5)


def wait_for_signal():
    stop = threading.Event()
    signal.signal(signal.SIGUSR1, lambda *_: stop.set())
    stop.wait()


def wait_for_pipe(reader):
    os.read(reader, 1)


def wait_for_thread():
    thread = threading.Thread(target=sleep)
    thread.start()
    thread.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    threading.Thread(target=time.sleep, args=(4.5,), daemon=True).start()
    reader, writer = os.pipe()
    os.set_inheritable(reader, True)
    children = [mp.Process(target=sleep), mp.Process(target=wait_for_thread)]
    signalled = mp.Process(target=wait_for_signal)
    children.append(signalled)
    if mp.get_start_method() == "fork":
        children.append(mp.Process(target=wait_for_pipe, args=(reader,)))
    for child in children:
        child.start()
    time.sleep(4)
    os.kill(signalled.pid, signal.SIGUSR1)
    os.write(writer, b"x")
    for child in children:
        child.join()
