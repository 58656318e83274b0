"""The readers leave at what they looked for; main puts the rest, says so, and does not end.

finds: starved-consumers
says: words | cannot end
"""

import multiprocessing as mp
import sys


def look(words):
    while words.get() != "a rare one":
        pass


def main():
    words = mp.Queue()
    readers = [mp.Process(target=look, args=(words,)) for _ in range(2)]
    for each in readers:
        each.start()
        words.put("a rare one")
    for each in readers:
        each.join()
    for _ in range(3000):
        words.put("word " * 20)
    print("put all", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
