"""Lock: only one at a time.

Watch the messages: three processes want to write a verse each. As one holds the lock, its lines
stay together, and the others wait for their turn. Take the `with lock:` away, run it again, and
the verses fall apart.
"""

import multiprocessing
import os
import time


def sing(lock, number):
    print(f"Singer {number} (pid {os.getpid()}) waits for a turn")
    with lock:  # waits until no other process holds it; gives it back at the end, whatever happens
        for line in range(1, 4):
            print(f"  Singer {number}, line {line}")
            time.sleep(0.3)
    print(f"Singer {number} bows")


def main():
    lock = multiprocessing.Lock()
    singers = [
        multiprocessing.Process(target=sing, args=(lock, number), name=f"singer-{number}")
        for number in range(1, 4)
    ]
    for singer in singers:
        singer.start()
    for singer in singers:
        singer.join()
    print("The song is over")


if __name__ == "__main__":
    main()
