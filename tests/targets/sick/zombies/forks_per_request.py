"""A little server forks a child for each request, and never asks what became of it.

finds: zombies
says: forks_per_request.py | children | os.waitpid
"""

import multiprocessing as mp
import os
import sys
import time


def answer(request):
    time.sleep(0.05)
    return request * 2


def requests(pipe):
    number = 0
    while True:
        pipe.send(number)
        number += 1
        time.sleep(0.4)


def serve(pipe):
    while True:
        request = pipe.recv()
        if os.fork() == 0:
            answer(request)
            os._exit(0)


def main():
    here, there = mp.Pipe(duplex=False)
    clients = mp.Process(target=requests, args=(there,), name="clients", daemon=True)
    clients.start()
    serve(here)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
