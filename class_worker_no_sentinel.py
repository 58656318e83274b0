import multiprocessing as mp
import sys


class Worker(mp.Process):
    def __init__(self, tasks, results):
        super().__init__()
        self.tasks = tasks
        self.results = results

    def run(self):
        while True:
            t = self.tasks.get()
            if t is None:
                break
            self.results.put(t * t)


def main():
    tasks, results = mp.Queue(), mp.Queue()
    ws = [Worker(tasks, results) for _ in range(3)]
    [w.start() for w in ws]
    for i in range(10):
        tasks.put(i)
    for _ in range(10):
        results.get()
    for w in ws:
        w.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
