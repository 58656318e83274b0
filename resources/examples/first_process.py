"""Process: one program, two processes.

Watch the tree: a child appears below this program, says its words, and is gone a moment
later. Each of the two has a pid of its own, and each line shows which of them wrote it.
"""

import multiprocessing
import os
import time


def greet(text):
    # This function runs in the child. What it was given was sent over from the parent,
    # and any text may be: no letter gets lost on the way.
    print(f"The child got: {text}")
    print(f"The child's pid is {os.getpid()}")
    time.sleep(1)  # stay for a second, so that there is something to see


def main():
    print(f"The parent's pid is {os.getpid()}")

    child = multiprocessing.Process(target=greet, args=("Grüße, 世界, привет, 👋",))
    child.start()  # from here on, both run at the same time

    child.join()  # wait until the child has ended
    print(f"The child has ended with exit code {child.exitcode}")


if __name__ == "__main__":
    # The child may import this file again (the start method "spawn" does so). Without the
    # line above, it would then start a child of its own, and so on.
    main()
