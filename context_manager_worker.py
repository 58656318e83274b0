import multiprocessing as mp
import sys
import time


class Pipeline:
    def __enter__(self):
        self.q = mp.Queue()
        self.done = mp.Event()
        self.p = mp.Process(target=self.run, args=(self.q, self.done))
        self.p.start()
        return self

    @staticmethod
    def run(q, done):
        while not done.is_set():
            x = q.get()

    def __exit__(self, *a):
        self.done.set()
        self.p.join()


def main():
    with Pipeline() as p:
        p.q.put(1)
        time.sleep(0.3)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
