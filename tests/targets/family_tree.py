"""The same family by any start method: FAMILY_TREE.PY METHOD [stay].

family_tree.py --> asker --> asked --> a fork of it
                     '-----> a pool worker
With `stay` all of them stay, and nobody waits for anybody.
"""

import multiprocessing
import os
import sys
import time


def asked(stay):
    pid = os.fork()
    if not pid:
        print("forked", os.getpid(), os.getppid(), flush=True)
        time.sleep(600 if stay else 0.2)
        os._exit(0)
    print("asked", os.getpid(), flush=True)
    if stay:
        time.sleep(600)
    os.waitpid(pid, 0)


def asker(method, stay):
    context = multiprocessing.get_context(method)
    child = context.Process(target=asked, args=(stay,), name="asked")
    child.start()
    with context.Pool(1) as pool:
        print("pool worker", pool.apply(os.getpid), flush=True)
        if stay:
            time.sleep(600)
    child.join()


if __name__ == "__main__":
    method, stay = sys.argv[1], len(sys.argv) > 2
    context = multiprocessing.get_context(method)
    child = context.Process(target=asker, args=(method, stay), name="asker")
    child.start()
    print("asker", child.pid, flush=True)
    if stay:
        time.sleep(600)
    child.join()
