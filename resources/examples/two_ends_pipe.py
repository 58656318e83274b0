"""Pipe: a line between two processes, with an end for each.

Watch question and answer go back and forth. When the parent closes its end, the child's `recv`
raises EOFError: that is how it learns that no more will come, and it ends by itself.
"""

import multiprocessing
import os
import time


def answer(line, other_end):
    # A forked child holds a copy of all that the parent had open. As long as anyone holds the
    # other end, even we ourselves, it does not count as closed, and recv would wait for ever.
    other_end.close()
    print(f"The child's pid is {os.getpid()}")
    while True:
        try:
            question = line.recv()  # waits for the other end
        except EOFError:
            print("The child: they have hung up")
            break
        print(f"The child was asked for the square of {question}")
        time.sleep(0.4)  # it has to think
        line.send(question * question)


def main():
    print(f"The parent's pid is {os.getpid()}")
    ours, theirs = multiprocessing.Pipe()  # both ends can send and receive
    child = multiprocessing.Process(target=answer, args=(theirs, ours))
    child.start()
    theirs.close()  # the child has its own by now

    for number in (3, 12, 111):
        ours.send(number)
        print(f"The parent heard: {number} x {number} = {ours.recv()}")

    ours.close()
    child.join()
    print("The line is closed")


if __name__ == "__main__":
    main()
