"""Two take turns, each with a lock that the other one releases; a reader's lock is left to others.

Nobody waits in vain for a lock of his own, or for one whose holder has ended.
"""

import multiprocessing as mp
import sys
import time


def play(mine, other, turns):
    for _ in range(turns):
        mine.acquire()
        time.sleep(1.3)
        other.release()


def take(ticket):
    ticket.acquire()


def main():
    ping, pong, tickets = mp.Lock(), mp.Lock(), mp.Semaphore(1)
    pong.acquire()
    players = [
        mp.Process(target=play, args=(ping, pong, 2), name="ping"),
        mp.Process(target=play, args=(pong, ping, 2), name="pong"),
    ]
    takers = [mp.Process(target=take, args=(tickets,), name=f"taker-{n}") for n in range(3)]
    for each in (*players, *takers):
        each.start()
    for _ in range(2):
        time.sleep(2)
        tickets.release()
    for each in (*players, *takers):
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
