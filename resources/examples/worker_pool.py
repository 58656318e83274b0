"""Pool: four workers share out four tasks.

Watch the tree: four pool workers appear at once and stay until the pool is closed. The tasks
go to whichever worker is free, so the order of the lines and the pids may differ each time.
"""

import multiprocessing
import os
import time


def work(number):
    print(f"Task {number} runs in process {os.getpid()}")
    time.sleep(1.5)  # stands for something that takes a while
    return number * number


def main():
    print(f"The parent's pid is {os.getpid()}")

    with multiprocessing.Pool(4) as pool:
        # apply_async hands a task over and returns at once, with a promise of the result.
        promises = [pool.apply_async(work, (number,)) for number in range(4)]

        pool.close()  # no more tasks will come ...
        pool.join()  # ... so wait until the workers have done what there is

        # get() returns the result, or raises what went wrong in the worker.
        print("Results:", [promise.get() for promise in promises])


if __name__ == "__main__":
    main()
