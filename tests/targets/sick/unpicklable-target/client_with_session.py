"""Workers are started one by one, the second one with a client that has a lock deep within.

finds: unpicklable-target
says: args[0].client.session.lock | _thread.lock | worker-1 | waits for its other children
methods: spawn forkserver
"""

import multiprocessing as mp
import sys
import threading


class Session:
    def __init__(self):
        self.lock = threading.Lock()


class Client:
    def __init__(self, name):
        self.name = name
        self.session = None

    def connect(self):
        self.session = Session()
        return self


class Job:
    def __init__(self, client):
        self.client = client


def work(job, gate, hello):
    hello.put(job.client.name)
    gate.wait()
    print(job.client.name)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    gate, hello = mp.Event(), mp.Queue()
    jobs = [Job(Client("quiet")), Job(Client("eager").connect())]
    workers = [
        mp.Process(target=work, args=(job, gate, hello), name=f"worker-{number}")
        for number, job in enumerate(jobs)
    ]
    for worker in workers:
        worker.start()
        print(hello.get(), "is there", flush=True)
    gate.set()
    for worker in workers:
        worker.join()
