"""One of the sleepers is no longer wanted and is terminated; the others are woken later, it seems.

finds: lock-held-by-dead-process
says: cook-0 died asleep in condition kitchen | wakes_the_dead.py:36 | was terminated by its parent
"""

import multiprocessing
import sys


def cook(kitchen, asleep):
    with kitchen:
        asleep.release()
        kitchen.wait()
        print("cooks", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        multiprocessing.set_start_method(sys.argv[1])
    kitchen, asleep = multiprocessing.Condition(), multiprocessing.Semaphore(0)
    cooks = [
        multiprocessing.Process(
            target=cook, name=f"cook-{number}", args=(kitchen, asleep), daemon=True
        )
        for number in range(2)
    ]
    for one in cooks:
        one.start()
        asleep.acquire()
    with kitchen:  # so that the last one is asleep as well
        pass
    cooks[0].terminate()
    cooks[0].join()
    with kitchen:
        kitchen.notify_all()
    for one in cooks:
        one.join()
