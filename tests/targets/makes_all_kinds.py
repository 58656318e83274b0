"""Processes that are made in all the ways there are, by a process with three more threads."""

import multiprocessing
import os
import subprocess
import threading


def nothing():
    pass


def main():
    event = threading.Event()
    threads = [threading.Thread(target=event.wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    for method in ("fork", "forkserver"):
        process = multiprocessing.get_context(method).Process(target=nothing, name=method)
        process.start()
        process.join()
    subprocess.run(["/bin/sh", "-c", "/bin/true; :"], check=True)
    subprocess.run(["/bin/true"], preexec_fn=nothing, check=True)
    event.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
