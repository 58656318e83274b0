import logging
import multiprocessing as mp
import os
import sys
import threading
import time


def w():
    logging.getLogger().warning("child")


class Slow(logging.StreamHandler):
    def emit(self, r):
        time.sleep(0.3)


def main():
    h = Slow()
    logging.getLogger().addHandler(h)
    lock = threading.Lock()

    def hold():
        with lock:
            time.sleep(1.5)

    threading.Thread(target=hold).start()
    time.sleep(0.1)

    def child():
        with lock:
            pass

    if mp.get_start_method() != "fork":
        os._exit(0)
    p = mp.Process(target=child)
    p.start()
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
