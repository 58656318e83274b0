"""A consumer looks now and then whether something is there, and all is taken out in the end."""

import multiprocessing as mp
import queue
import sys
import time


def produce(results, count):
    for number in range(count):
        results.put(number)
        time.sleep(0.01)


def main():
    results, found = mp.Queue(), []
    makers = [mp.Process(target=produce, args=(results, 40)) for _ in range(2)]
    for each in makers:
        each.start()
    while any(each.is_alive() for each in makers) or not results.empty():
        try:
            found.append(results.get_nowait())
        except queue.Empty:
            time.sleep(0.02)
    for each in makers:
        each.join()
    print(len(found))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
