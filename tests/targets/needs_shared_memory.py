"""Children, and a block of shared memory of 16 MiB that is written while they live.

python needs_shared_memory.py CHILDREN
"""

import multiprocessing
import sys
from multiprocessing import shared_memory

SIZE = 16 << 20


def child(ready, end):
    """Live until told."""
    ready.release()
    end.wait()


if __name__ == "__main__":
    ready, end = multiprocessing.Semaphore(0), multiprocessing.Event()
    count = int(sys.argv[1])
    children = [multiprocessing.Process(target=child, args=(ready, end)) for _ in range(count)]
    for process in children:
        process.start()
    for _ in children:
        ready.acquire()
    block = shared_memory.SharedMemory(create=True, size=SIZE)
    block.buf[:] = b"x" * SIZE
    block.close()
    block.unlink()
    end.set()
    for process in children:
        process.join()
    print("ended well:", [process.exitcode for process in children].count(0))
