"""Main reads until EOFError, and has the writers' end still open itself.

finds: pipe-end-kept-open
says: sink | itself | EOFError
"""

import multiprocessing as mp
import sys


def write(sink, number):
    for step in range(3):
        sink.send((number, step))
    sink.close()


def main():
    source, sink = mp.Pipe(duplex=False)
    writers = [mp.Process(target=write, args=(sink, number)) for number in range(2)]
    for each in writers:
        each.start()
    try:
        while True:
            print(source.recv(), flush=True)
    except EOFError:
        print("that was all")
    for each in writers:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
