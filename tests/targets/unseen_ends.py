"""Queues of which not everybody can be watched, by the name that comes first.

"own" restores itself in a way of its own, but is used as ever; "around" is read around `get`;
"stranger" is read by a process without a recorder, "guest" by one that stays; "plain" only adds to
`put`.
"""

import multiprocessing
import multiprocessing.queues
import os
import sys
import time


class Own(multiprocessing.queues.Queue):
    """As libraries do that bring their own way of starting processes."""

    def __setstate__(self, state):
        names = ("_ignore_epipe", "_maxsize", "_reader", "_writer", "_rlock", "_wlock", "_sem")
        for name, value in zip(names, state, strict=False):
            setattr(self, name, value)
        getattr(self, "_reset" if hasattr(self, "_reset") else "_after_fork")()


class Around(multiprocessing.queues.SimpleQueue):
    def get(self):
        with self._rlock:
            return self._reader.recv()


class Plain(multiprocessing.queues.Queue):
    def put(self, item):
        super().put(item)


def take(items, seconds):
    for _ in range(2):
        items.get()
    time.sleep(seconds)


def main():
    context = multiprocessing.get_context("spawn")
    kind = {"own": Own, "around": Around, "plain": Plain}.get(sys.argv[1])
    items = kind(ctx=context) if kind else context.Queue()
    if sys.argv[1] in ("stranger", "guest"):
        os.environ.pop("PYTHONPATH", None)
    seconds = 600 if sys.argv[1] == "guest" else 0
    taker = context.Process(target=take, args=(items, seconds), name="taker")
    taker.start()
    for number in range(3):
        items.put(number)
    taker.join()


if __name__ == "__main__":
    main()
