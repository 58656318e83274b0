"""What the workers are given holds a lock of threads, which it leaves out where it is pickled.

options: check-forkserver
"""

import multiprocessing
import sys
import threading

HANDLERS = {}


def handler(function):
    HANDLERS[function.__name__] = function
    return function


@handler
def upper(text):
    return text.upper()


@handler
def title(text):
    return text.title()


class Client:
    def __init__(self, name):
        self.name = name
        self.lock = threading.Lock()

    def __getstate__(self):
        return {"name": self.name}

    def __setstate__(self, state):
        self.__init__(state["name"])

    def get(self, page):
        with self.lock:
            return self.name + " has " + page


class Worker(multiprocessing.Process):
    def __init__(self, client, jobs, answers):
        super().__init__(daemon=True)
        self.client, self.jobs, self.answers = client, jobs, answers

    def run(self):
        for job, page in iter(self.jobs.get, None):
            self.answers.put(self.done(job, page))

    def done(self, job, page):
        return HANDLERS[job](self.client.get(page))


def main():
    jobs, answers = multiprocessing.Queue(), multiprocessing.Queue()
    workers = [Worker(Client(f"worker-{number}"), jobs, answers) for number in range(2)]
    for worker in workers:
        worker.start()
    for number in range(6):
        jobs.put((("upper", "title")[number % 2], f"page {number}"))
    for _ in range(6):
        print(answers.get())
    for _ in workers:
        jobs.put(None)
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        multiprocessing.set_start_method(sys.argv[1])
    main()
