"""A server has a queue for each client, and closes none when a client goes.

finds: descriptors-running-out
says: descriptors | server
"""

import multiprocessing as mp
import os
import resource
import sys
import time


def serve(clients):
    resource.setrlimit(resource.RLIMIT_NOFILE, (80, 80))
    inboxes = []
    while True:
        clients.get()
        if len(os.listdir("/proc/self/fd")) < 75:
            inboxes.append(mp.Queue())


def main():
    clients = mp.SimpleQueue()
    mp.Process(target=serve, args=(clients,), name="server", daemon=True).start()
    for number in range(400):
        clients.put(number)
        time.sleep(0.05)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
