"""More processes that compute, all the time, than there are processors for them.

the last samples of a process: some share of a processor in each --> it computes
together they use all that there are, and are many more --> they take turns
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from ...store.process_row import ProcessRow
from ...translation import tr
from ...vocabulary.events import HELPERS, Role
from ..waits.situation import who
from .cause import Cause, Words
from .view import View

_SAMPLES = 10  # in each of which it computed
_BUSY = 5.0  # percent of a processor: less is now and then
_ALL = 0.85  # of the processors: else it is something else that they lack
_TIMES = 2.0  # as many as processors: less costs little
_MOST_NAMED = 100


def processors() -> int:
    """How many the programs that we start may use."""
    return len(os.sched_getaffinity(0))


def oversubscribed(view: View) -> Iterator[Cause]:
    """One for each run."""
    if view.over or view.store.moment_ns is not None:
        return
    runs: dict[int | None, list[ProcessRow]] = {}
    for row in view.processes:
        if row.is_live and row.role is not Role.SUPERVISOR and row.role not in HELPERS:
            last = row.cpu_history[-_SAMPLES:]
            if len(last) == _SAMPLES and min(last) >= _BUSY:
                runs.setdefault(row.worker, []).append(row)
    cores = processors()
    for worker, rows in runs.items():
        used = sum(sum(row.cpu_history[-_SAMPLES:]) / _SAMPLES for row in rows) / 100
        if len(rows) > _TIMES * cores and used >= _ALL * cores:
            yield _found(view, worker, rows, cores, used)


def _found(
    view: View, worker: int | None, rows: list[ProcessRow], cores: int, used: float
) -> Cause:
    first, count = rows[0], len(rows)

    def words() -> Words:
        return Words(
            tr(
                "{count} processes compute on {cores} processors", count=str(count),
                cores=str(cores),
            ),
            tr(
                "For the last {samples} samples, {count} processes ({first} and others) have "
                "computed all the time, and the program may use {cores} processors: each gets "
                "{share:.0f} % of one. They take turns, which costs caches and memory, and makes "
                "none of them faster.",
                samples=str(_SAMPLES), count=str(count), first=who(first, first.number),
                cores=str(cores), share=100 * used / count,
            ),
            tr(
                "Start {cores} workers, as `os.process_cpu_count()` says (Python 3.13, before that "
                "`len(os.sched_getaffinity(0))`). If each has threads of a numerical library, set "
                "OMP_NUM_THREADS=1.",
                cores=str(cores),
            ),
        )  # fmt: skip

    return Cause(
        code="oversubscribed",
        which=(worker or 0,),
        words=words,
        since_ns=view.now_ns - _SAMPLES * 1_000_000_000,  # they are a second apart
        processes=tuple(row.number for row in rows[:_MOST_NAMED]),
    )
