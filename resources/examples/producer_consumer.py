"""Queue: one process writes, another one reads.

Watch the messages of the two alternate: the reader sleeps inside `get` until the writer puts
something in. The reader would wait for ever, so at the end the parent terminates it: its exit
says SIGTERM.
"""

import multiprocessing
import os
import random
import time


def write(queue):
    print(f"The writer's pid is {os.getpid()}")
    for value in ["A", "B", "C"]:
        print(f"Put {value} into the queue")
        queue.put(value)
        time.sleep(random.uniform(0.5, 1))


def read(queue):
    print(f"The reader's pid is {os.getpid()}")
    while True:
        value = queue.get()  # waits until there is something
        print(f"Got {value} from the queue", flush=True)


def main():
    queue = multiprocessing.Queue()
    writer = multiprocessing.Process(target=write, args=(queue,), name="writer")
    reader = multiprocessing.Process(target=read, args=(queue,), name="reader")
    writer.start()
    reader.start()

    writer.join()  # the writer ends by itself
    time.sleep(0.5)  # the reader gets a moment for the last value

    reader.terminate()  # the reader never would: it loops for ever
    reader.join()
    print("The writer has ended, the reader was terminated")


if __name__ == "__main__":
    main()
