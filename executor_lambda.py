import multiprocessing as mp
import sys
from concurrent.futures import ProcessPoolExecutor


def main():
    with ProcessPoolExecutor(2) as ex:
        print(ex.submit(lambda: 1).result())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
