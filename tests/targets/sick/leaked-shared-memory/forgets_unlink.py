"""The blocks are closed by everybody, and unlinked by nobody.

finds: leaked-shared-memory
says: block | unlink
ends: yes
"""

import multiprocessing as mp
import sys
from multiprocessing import shared_memory


def fill(name):
    block = shared_memory.SharedMemory(name=name)
    block.buf[0] = 1
    block.close()


def main():
    block = shared_memory.SharedMemory(create=True, size=4_000)
    child = mp.Process(target=fill, args=(block.name,))
    child.start()
    child.join()
    block.close()
    print("over", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
