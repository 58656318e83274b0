"""Main ends at once after its last line; multiprocessing waits for a child, and ends a daemon."""

import multiprocessing as mp
import sys
import time

if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    mp.Process(target=time.sleep, args=(4,)).start()
    mp.Process(target=time.sleep, args=(60,), daemon=True).start()
    print("over")
