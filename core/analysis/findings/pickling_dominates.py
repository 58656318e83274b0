"""A pool whose workers spend more time on pickles and pipes than on its tasks.

    records of tasks: how long the function took --mean--.
                      unpickled, pickled ---mean----------+--> which is more, and in how many tasks
    counters: how many tasks, how many bytes -------------'

Only the workers are measured; whoever submits does as much again, alone for all of them. Who waits
until another one's result is taken waits for a pipe, but that may be since a callback is slow: so
no more counts than it takes to pickle what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import fmean, median
from typing import NamedTuple

from ...sentences.duration import duration
from ...store.object_row import ObjectRow
from ...translation import tr, trn
from ...vocabulary.kinds import kind_of
from .cause import Cause, Words
from .records import count_of, last_records
from .view import View

_LEAST_TASKS = 10
_LEAST_S = 0.5  # of all workers, that go into it
_LEAST_SHARE = 0.1  # of the time for which the pool has been used
_LEAST_SPAN_S = 3.0  # for which it has been used
_PASS_S = 50e-6  # about, for whoever submits to pass a task on and take its result in
_CALL_S, _BYTE_S = 100e-6, 100e-9  # at most, to pickle or unpickle one task or result, and a byte
_LARGE = 10_000  # bytes of a task or a result that are much
_TIMES = 100.0  # less time; what is above is said to be so much
_HANDLED = re.compile(r"unpickled ([0-9]{1,9}\.[0-9]{3}) ms, pickled ([0-9]{1,9}\.[0-9]{3}) ms")


class _Spent(NamedTuple):
    """Of an average task, seconds: to rebuild it, in it (`usual`: the median), to send its result;
    bytes of both."""

    unpickled: float
    work: float
    usual: float
    pickled: float
    asked: float
    came: float

    @property
    def handled(self) -> float:
        return self.unpickled + self.pickled


def pickling_dominates(view: View) -> Iterator[Cause]:
    """One for each pool or executor."""
    for pool in view.objects:
        if kind_of(pool.type).is_pool:
            tasks, failed = count_of(pool, "task")
            span_s = (pool.state_ns - pool.created_ns) / 1e9
            asked, came = _size(pool, "task"), _size(pool, "result")
            most_s = _most(asked) + _most(came) + _PASS_S
            least_s = max(_LEAST_S, _LEAST_SHARE * span_s)
            if span_s < _LEAST_SPAN_S or tasks + failed < _LEAST_TASKS:
                continue
            if tasks * most_s < least_s:
                continue  # whatever the records say
            spent = _spent(view, pool, asked, came)
            if spent is None:
                continue
            if view.stands("pickling-dominates", pool.number):
                dominates = spent.handled > spent.usual
            else:
                dominates = spent.handled > spent.work
                dominates &= tasks * (spent.handled + _PASS_S) >= least_s
            if dominates:
                yield _found(view, pool, tasks, span_s, spent)


def _most(size: float) -> float:
    return _CALL_S + _BYTE_S * size


def _size(pool: ObjectRow, operation: str) -> float:
    """Bytes, on average."""
    for each in pool.counts:
        if each.operation == operation and each.count:
            return each.bytes / each.count
    return 0.0


def _spent(view: View, pool: ObjectRow, asked: float, came: float) -> _Spent | None:
    workers = view.situation.users(pool.number, "task")
    records = last_records(view, pool.number, "task", workers, outcome="ok")
    if len(records) < _LEAST_TASKS:
        return None
    work = [(each.end_ns - each.start_ns) / 1e9 for each in records]
    found = [_HANDLED.fullmatch(each.preview or "") for each in records]
    unpickled, pickled = ([float(one[n]) / 1e3 if one else 0.0 for one in found] for n in (1, 2))
    # Where it is little it is not told. A worker that lost its processor meanwhile makes no pickle
    # dearer: so not their means.
    return _Spent(
        min(median(unpickled), _most(asked)),
        fmean(work),
        median(work),
        min(median(pickled), _most(came)),
        asked,
        came,
    )


def _found(view: View, pool: ObjectRow, tasks: int, span_s: float, spent: _Spent) -> Cause:
    workers = sorted(view.situation.users(pool.number, "task"))
    times = min(_TIMES, (spent.handled + spent.work) / max(spent.work, 1e-9))

    def words() -> Words:
        story = [
            trn(
                "In {time}, {count} worker of {pool} did {tasks} tasks. It was in them for about "
                "{work} in all; for {handled} it unpickled what it was given, pickled what it "
                "returned, and waited for its turn to send that.",
                "In {time}, {count} workers of {pool} did {tasks} tasks. They were in them for "
                "about {work} in all; for {handled} they unpickled what they were given, pickled "
                "what they returned, and waited for their turn to send that.",
                len(workers),
                time=duration(span_s), pool=pool.phrase, tasks=format(tasks, ","),
                handled=_short(tasks * spent.handled), work=_short(tasks * spent.work),
            ),
            tr(
                "A task takes {work}, to unpickle its arguments ({asked}) {unpickled}, to pickle "
                "and send its result ({came}) {pickled}.",
                work=_short(spent.work), asked=_kilobytes(spent.asked),
                unpickled=_short(spent.unpickled), came=_kilobytes(spent.came),
                pickled=_short(spent.pickled),
            ),
            tr(
                "Whoever submits does the same for all workers, alone, and they wait for that. "
                "Without it a task would cost a worker up to {times:.3g} x less.",
                times=times,
            ),
        ]  # fmt: skip
        return Words(
            tr("{pool} spends more time on pickling than on its tasks", pool=pool.phrase),
            " ".join(story),
            " ".join(_advice(spent)),
        )

    return Cause(
        code="pickling-dominates",
        which=(pool.number,),
        words=words,
        since_ns=pool.created_ns,
        processes=(*workers, pool.creator),
        objects=(pool.number,),
    )


def _advice(spent: _Spent) -> Iterator[str]:
    if max(spent.asked, spent.came) < _LARGE:
        yield tr(
            "Give a worker more to do at a time: `map` and `imap` take a `chunksize`, such as 100; "
            "with `apply_async` and `submit`, let a task do many of them."
        )
    if spent.asked >= _LARGE:
        yield tr(
            "Send less: let tasks get a path or an index and load the data themselves, give what "
            "all need to the `initializer` once, or put it into shared memory "
            "(`multiprocessing.shared_memory`)."
        )
    if spent.came >= _LARGE:
        yield tr(
            "Return less: reduce results where they are made, or write them into a file or shared "
            "memory and return where they are."
        )


def _short(seconds: float) -> str:
    if seconds >= 0.01:
        return duration(seconds)
    return tr("{microseconds:,.0f} µs", microseconds=seconds * 1e6)


def _kilobytes(size: float) -> str:
    return tr("{size:,.1f} KB", size=size / 1000)
