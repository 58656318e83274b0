"""Consumers sleep on a condition until their turn comes; the producer takes its time for each."""

import multiprocessing as mp
import sys
import time


def sleeper(turn, changed, number):
    with changed:
        changed.wait_for(lambda: turn.value >= number)


def conductor(turn, changed):
    for _ in range(3):
        time.sleep(1.2)
        with changed:
            turn.value += 1
            changed.notify_all()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    turn, changed = mp.Value("i", 0, lock=False), mp.Condition()
    people = [mp.Process(target=sleeper, args=(turn, changed, number)) for number in (1, 2, 3)]
    people.append(mp.Process(target=conductor, args=(turn, changed)))
    for each in people:
        each.start()
    for each in people:
        each.join()
