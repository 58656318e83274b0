"""Main closes the writers' end, waits long for a slow writer, and reads to the end of the pipe."""

import multiprocessing as mp
import sys
import time


def write(sink, seconds):
    time.sleep(seconds)
    sink.send(seconds)
    sink.close()


def main():
    source, sink = mp.Pipe(duplex=False)
    writers = [mp.Process(target=write, args=(sink, seconds)) for seconds in (0.1, 5)]
    for each in writers:
        each.start()
    sink.close()
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
