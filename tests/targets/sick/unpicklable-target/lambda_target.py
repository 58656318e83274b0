"""The target of a process is a function within another one, which only fork can hand over.

finds: unpicklable-target
says: reader | main.<locals>.read | lambda_target.py:22
methods: spawn forkserver
ends: yes
"""

import multiprocessing as mp
import sys


def main():
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    answers = mp.Queue()

    def read():
        answers.put(sum(range(10)))

    process = mp.Process(target=read, name="reader")
    process.start()
    print(answers.get())
    process.join()


if __name__ == "__main__":
    main()
