"""Workers log through a queue, and nobody ever started the listener.

finds: backlog-growing
says: log_queue | Nobody has ever taken
"""

import logging
import logging.handlers
import multiprocessing as mp
import sys
import time


def work(log_queue):
    logger = logging.getLogger("worker")
    logger.addHandler(logging.handlers.QueueHandler(log_queue))
    logger.setLevel(logging.INFO)
    for step in range(6000):
        logger.info("step %d %s", step, "." * 200)
        time.sleep(0.005)


def main():
    log_queue = mp.Queue()
    worker = mp.Process(target=work, args=(log_queue,), name="worker", daemon=True)
    worker.start()
    worker.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
