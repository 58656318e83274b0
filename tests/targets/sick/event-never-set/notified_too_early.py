"""A consumer comes to wait for a condition after it was notified.

finds: event-never-set
says: changed | notified | 1 time
"""

import multiprocessing as mp
import sys


def produce(changed, done):
    with changed:
        changed.notify_all()
    done.set()


def main():
    changed, done = mp.Condition(), mp.Event()
    producer = mp.Process(target=produce, args=(changed, done), name="producer")
    producer.start()
    done.wait()  # as a slow start would
    with changed:
        changed.wait()
    producer.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
