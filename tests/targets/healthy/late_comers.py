"""Two wait at a barrier and for a semaphore; a third, started late, comes and lets them go."""

import multiprocessing as mp
import sys
import time


def early(meeting, tickets):
    tickets.acquire()
    meeting.wait()


def late(meeting, tickets):
    time.sleep(3.5)
    tickets.release()
    tickets.release()
    meeting.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    meeting, tickets = mp.Barrier(3), mp.Semaphore(0)
    people = [mp.Process(target=work, args=(meeting, tickets)) for work in (early, early, late)]
    for each in people:
        each.start()
    for each in people:
        each.join()
