"""Processes that end by an exception, by the start method named first: in what they run, while what
they are to run is unpickled (not by fork), by sys.exit, by SIGINT; and then the main program."""

import multiprocessing
import signal
import sys


class QuotaError(Exception):
    pass


class Refuses:
    def __reduce__(self):
        return refuse, ()


def refuse():
    raise QuotaError("over the limit")


def work(path):
    open(path)  # noqa: SIM115 - it is not there


def stop(number):
    signal.raise_signal(number)


def leave(code):
    sys.exit(code)


def main():
    context = multiprocessing.get_context(sys.argv[1])
    jobs = {"reads": (work, "/nonexistent/map"), "leaves": (leave, 3), "goes": (leave, 0),
            "says": (leave, "no way"), "stops": (stop, signal.SIGINT)}  # fmt: skip
    if sys.argv[1] != "fork":
        jobs["unpickles"] = (work, Refuses())
    for name, (function, argument) in jobs.items():
        child = context.Process(target=function, args=(argument,), name=name)
        child.start()
        child.join()
    {}["size"]


if __name__ == "__main__":
    main()
