"""Event: many wait for one signal.

Watch three runners stand at the line, without using the processor while they wait. When the
starter sets the event, all of them leave in the same instant. An event stays set: whoever comes
late does not wait at all.
"""

import multiprocessing
import os
import time


def run(start, number):
    print(f"Runner {number} (pid {os.getpid()}) is ready")
    start.wait()  # sleeps until someone calls start.set()
    print(f"Runner {number} is off")
    time.sleep(0.3 * number)
    print(f"Runner {number} is in the goal")


def main():
    start = multiprocessing.Event()
    runners = [
        multiprocessing.Process(target=run, args=(start, number), name=f"runner-{number}")
        for number in range(1, 4)
    ]
    for runner in runners:
        runner.start()

    time.sleep(1.5)
    print("Ready, steady, go!", flush=True)
    start.set()

    for runner in runners:
        runner.join()

    latecomer = multiprocessing.Process(target=run, args=(start, 4), name="latecomer")
    latecomer.start()
    latecomer.join()
    print("The race is over")


if __name__ == "__main__":
    main()
