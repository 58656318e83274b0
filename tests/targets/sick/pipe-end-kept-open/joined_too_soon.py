"""Main sends all to a reader and joins it, but has not closed its end of the pipe.

finds: pipe-end-kept-open
says: to_printer | printer | open
"""

import multiprocessing as mp
import sys


def show(lines):
    while True:
        try:
            print(lines.recv(), flush=True)
        except EOFError:
            return


def main():
    lines, to_printer = mp.Pipe(duplex=False)
    printer = mp.Process(target=show, args=(lines,), name="printer")
    printer.start()
    lines.close()
    for number in range(3):
        to_printer.send(f"line {number}")
    printer.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
