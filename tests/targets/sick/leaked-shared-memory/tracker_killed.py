"""All processes of a program are killed at once, resource tracker included, as in a container.

finds: leaked-shared-memory
says: table | /dev/shm
ends: yes
"""

import os
import signal
from multiprocessing import resource_tracker, shared_memory


def main():
    table = shared_memory.SharedMemory(create=True, size=10_000)
    table.buf[:4] = b"data"
    print("filled", table.name, flush=True)
    os.kill(resource_tracker._resource_tracker._pid, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
