import multiprocessing as mp
import sys


class Worker(mp.Process):
    def __init__(self, q):
        super().__init__()
        self.q = q

    def run(self):
        for i in range(100):
            self.q.put("x" * 10000)


def main():
    q = mp.Queue()
    ws = [Worker(q) for _ in range(3)]
    [w.start() for w in ws]
    [w.join() for w in ws]
    while not q.empty():
        q.get()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
