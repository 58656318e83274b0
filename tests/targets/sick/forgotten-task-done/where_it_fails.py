"""A worker goes on with the next item where one fails, without marking it as done.

finds: forgotten-task-done
says: todo | 2 items | task_done
"""

import multiprocessing as mp
import sys


def work(todo):
    while True:
        item = todo.get()
        try:
            print(10 // item, flush=True)
        except ZeroDivisionError:
            continue
        todo.task_done()


def main():
    todo = mp.JoinableQueue()
    for _ in range(2):
        mp.Process(target=work, args=(todo,), daemon=True).start()
    for number in (1, 2, 0, 5, 0, 10):
        todo.put(number)
    todo.join()
    print("all done")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
