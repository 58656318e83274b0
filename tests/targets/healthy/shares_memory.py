"""Shared memory that a child makes, main reads later, and removes in the end; and a manager's."""

import multiprocessing as mp
import sys
import time
from multiprocessing import managers, shared_memory


def make(names):
    block = shared_memory.SharedMemory(create=True, size=5_000)
    block.buf[0] = 7
    names.put(block.name)
    time.sleep(1)
    block.close()


def main():
    names = mp.SimpleQueue()
    maker = mp.Process(target=make, args=(names,))
    maker.start()
    block = shared_memory.SharedMemory(name=names.get())
    maker.join()
    print(block.buf[0])
    block.close()
    block.unlink()
    with managers.SharedMemoryManager() as manager:
        manager.SharedMemory(size=5_000).buf[0] = 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
