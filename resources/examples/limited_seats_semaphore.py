"""Semaphore: up to two at a time.

Watch the messages: five guests, but a table with two seats. Never more than two are eating; the
next one sits down as soon as someone leaves. A lock is the same with one seat.
"""

import multiprocessing
import os
import time

SEATS = 2
GUESTS = 5


def dine(seats, eating, number):
    print(f"Guest {number} (pid {os.getpid()}) comes in")
    with seats:  # takes one of the seats, or waits for one
        with eating.get_lock():  # += is a read and a write: no other may come in between
            eating.value += 1
            print(f"Guest {number} sits down, {eating.value} at the table")
        time.sleep(0.8)
        with eating.get_lock():
            eating.value -= 1
            print(f"Guest {number} leaves, {eating.value} at the table")


def main():
    seats = multiprocessing.Semaphore(SEATS)
    eating = multiprocessing.Value("i", 0)  # a number that all processes share
    guests = [
        multiprocessing.Process(target=dine, args=(seats, eating, number), name=f"guest-{number}")
        for number in range(1, GUESTS + 1)
    ]
    for guest in guests:
        guest.start()
    for guest in guests:
        guest.join()
    print("Everyone has eaten")


if __name__ == "__main__":
    main()
