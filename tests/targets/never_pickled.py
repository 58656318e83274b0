"""Puts an item that cannot be pickled, then one that can."""

import multiprocessing


def main():
    jobs = multiprocessing.Queue()
    jobs.put(lambda: None)
    jobs.put("good")
    assert jobs.get() == "good"


if __name__ == "__main__":
    main()
