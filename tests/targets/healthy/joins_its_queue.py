"""Main waits in join of a queue whose items take long; daemon workers wait for more at its end."""

import multiprocessing as mp
import sys
import time


def work(todo):
    while True:
        seconds = todo.get()
        try:
            time.sleep(seconds)
        finally:
            todo.task_done()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    todo = mp.JoinableQueue()
    for _ in range(3):
        mp.Process(target=work, args=(todo,), daemon=True).start()
    for seconds in (3.5, 0.1, 0.1, 0.2):
        todo.put(seconds)
    todo.join()
    time.sleep(2.5)  # the workers idle
