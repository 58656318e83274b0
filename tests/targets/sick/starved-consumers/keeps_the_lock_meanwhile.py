"""A consumer waits for items with the lock that the producer needs to bring them.

finds: starved-consumers
says: results | lock table | holds meanwhile
"""

import multiprocessing as mp
import sys


def consume(table, results, began):
    with table:
        began.release()
        results.get()


def produce(table, results):
    with table:
        results.put("a row")


def main():
    table, results, began = mp.Lock(), mp.Queue(), mp.Semaphore(0)
    consumer = mp.Process(target=consume, args=(table, results, began), name="consumer")
    consumer.start()
    began.acquire()
    producer = mp.Process(target=produce, args=(table, results), name="producer")
    producer.start()
    for each in (producer, consumer):
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
