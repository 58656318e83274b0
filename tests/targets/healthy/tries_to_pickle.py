"""What cannot be sent to other processes is done at home: the exceptions are handled."""

import multiprocessing as mp
import sys
import time
from concurrent.futures import ProcessPoolExecutor


def load(name):
    return (letter for letter in name)


def main():
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    with ProcessPoolExecutor(1) as executor, mp.Pool(1) as pool:
        for job in (lambda: 3, time.monotonic):
            try:
                print(executor.submit(job).result())
            except Exception as error:
                print("at home:", type(error).__name__, job())
        try:
            print(pool.apply(load, ("abc",)))
        except Exception as error:
            print("no result:", type(error).__name__)
        time.sleep(1)
    try:
        process = mp.Process(target=lambda: None)
        process.start()
        process.join()
    except Exception as error:
        print("not by", mp.get_start_method(), type(error).__name__)
    time.sleep(0.5)


if __name__ == "__main__":
    main()
