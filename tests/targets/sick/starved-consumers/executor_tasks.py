"""Tasks of an executor take a ticket each from a queue, in which there are fewer.

finds: starved-consumers
says: tickets
"""

import multiprocessing as mp
import sys
from concurrent.futures import ProcessPoolExecutor


def begin(queue):
    global tickets
    tickets = queue


def ride(number):
    return number, tickets.get()


def main():
    queue_of_tickets = mp.Queue()
    for number in range(2):
        queue_of_tickets.put(number)
    with ProcessPoolExecutor(2, initializer=begin, initargs=(queue_of_tickets,)) as executor:
        print(list(executor.map(ride, range(3))))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
