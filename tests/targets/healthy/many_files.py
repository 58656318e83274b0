"""Many pipes are open for a while, well below the limit, and closed again."""

import multiprocessing as mp
import resource
import sys
import time

if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    pipes = [mp.Pipe() for _ in range(60)]
    time.sleep(3)
    for one, other in pipes:
        one.close()
        other.close()
    child = mp.Process(target=time.sleep, args=(0.5,))
    child.start()
    child.join()
