"""Each worker is given a job whose client holds a lock of threads, which cannot be pickled.

finds: would-not-survive-forkserver
says: fetch would not start | args[0].client.session.lock (_thread.lock) | client_with_a_lock.py:53
methods: fork
ends: yes
options: check-forkserver
"""

import multiprocessing
import sys
import threading


class Session:
    def __init__(self):
        self.lock = threading.Lock()
        self.cookies = {}

    def get(self, page):
        with self.lock:
            self.cookies[page] = "seen"
            return "<html>" + page


class Client:
    def __init__(self, name):
        self.name = name
        self.session = Session()


class Job:
    def __init__(self, client, pages):
        self.client = client
        self.pages = pages


def fetch(job, answers):
    for page in job.pages:
        answers.put((job.client.name, job.client.session.get(page)))


def main():
    answers = multiprocessing.Queue()
    client = Client("crawler")
    workers = [
        multiprocessing.Process(
            target=fetch, args=(Job(client, [str(number), str(number + 10)]), answers)
        )
        for number in range(3)
    ]
    for worker in workers:
        worker.start()
    for _ in range(6):
        print(*answers.get())
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        multiprocessing.set_start_method(sys.argv[1])
    main()
