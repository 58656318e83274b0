"""Two partners talk through a pipe; each thinks long while the other waits."""

import multiprocessing as mp
import sys
import time


def partner(end):
    while (said := end.recv()) is not None:
        time.sleep(0.7 * said)
        end.send(said + 1)


def main():
    mine, theirs = mp.Pipe()
    other = mp.Process(target=partner, args=(theirs,))
    other.start()
    mine.send(4)
    said = mine.recv()
    time.sleep(3)
    mine.send(None)
    other.join()
    print(said)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
