"""A logging child does not care for what nobody reads any more; all that matters is read."""

import multiprocessing as mp
import sys


def work(results, log):
    log.cancel_join_thread()
    for number in range(20):
        log.put("x" * 20_000)
        results.put(number)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    results, log = mp.Queue(), mp.Queue()
    worker = mp.Process(target=work, args=(results, log))
    worker.start()
    print(sum(results.get() for _ in range(20)))
    worker.join()
