"""Orphans that end a few milliseconds after they have lost their parent, one after the other."""

import os
import sys
import time

for _ in range(int(sys.argv[1])):
    pid = os.fork()
    if pid == 0:
        if os.fork() == 0:
            time.sleep(0.004)
        os._exit(0)
    os.waitpid(pid, 0)
    time.sleep(0.01)
print("done", flush=True)
