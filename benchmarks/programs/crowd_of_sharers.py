"""Two hundred processes that share five hundred objects: some wait for long, the others go on."""

import multiprocessing as mp
import sys
import time


def wait(queues, number):
    queues[number].get()


def work(queues, locks, number, seconds):
    end = time.monotonic() + seconds
    turn = 0
    while time.monotonic() < end:
        lock, queue = locks[(number + turn) % len(locks)], queues[(number + turn) % len(queues)]
        with lock:
            queue.put(turn)
        turn += 1
        time.sleep(0.2)


def main(processes, objects, seconds):
    queues = [mp.SimpleQueue() for _ in range(objects // 2)]
    locks = [mp.Lock() for _ in range(objects // 2)]
    spare = [mp.Queue() for _ in range(processes // 4)]
    people = [mp.Process(target=wait, args=(spare, number)) for number in range(len(spare))]
    people += [
        mp.Process(target=work, args=(queues, locks, number, seconds))
        for number in range(processes - len(spare))
    ]
    for each in people:
        each.start()
    for queue in queues:
        while not queue.empty():
            queue.get()
    for each in people[len(spare) :]:
        each.join()
    for queue in spare:
        queue.put(None)
    for each in people:
        each.join()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
