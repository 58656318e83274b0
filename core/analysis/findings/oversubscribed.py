"""More processes that compute, all the time, than there are processors for them.

    the last samples of a process: some share of a processor in each --> it computes
    many more than there are processors, and nearly all want one now --> they take turns

Whoever waits for something else now and then sleeps when it is sampled; these never do.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.events import HELPERS, Role
from ..waits.situation import who
from .cause import Cause, Words
from .processors import Processors, processors
from .view import View

_SAMPLES = 5  # in each of which it computed
_BUSY = 5.0  # percent of a processor: less is now and then
_ALL = 0.5  # of the processors: else others use them, and fewer workers would not help
_WANTING = 0.8  # of them want a processor now
_TIMES = 2.0  # as many as processors: less costs little
_MOST_NAMED = 100


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
    for worker, rows in runs.items():
        wanting = sum(row.sampled_status == "running" for row in rows)
        if len(rows) < 2 or wanting < _WANTING * len(rows):
            continue
        may_use = processors(row.pid for row in rows)
        used = sum(sum(row.cpu_history[-_SAMPLES:]) / _SAMPLES for row in rows) / 100
        if len(rows) > _TIMES * may_use.number and used >= _ALL * may_use.number:
            yield _found(view, worker, rows, may_use, used)


def _found(
    view: View, worker: int | None, rows: list[ProcessRow], may_use: Processors, used: float
) -> Cause:
    first, count = rows[0], len(rows)
    cores = format(round(may_use.number, 1), "g")
    workers = max(1, int(may_use.number))

    def words() -> Words:
        if may_use.limited:
            advice = tr(
                "Start as many workers as that, {workers}. A quota of the container allows no more "
                "(`cpu.max` of its control group), which `os.cpu_count()` does not know: let an "
                "option or the environment say how many.",
                workers=str(workers),
            )
        else:
            advice = tr(
                "Start as many workers as that, {workers}: `os.process_cpu_count()` says so (from "
                "Python 3.13 on, before that `len(os.sched_getaffinity(0))`).",
                workers=str(workers),
            )
        return Words(
            trn(
                "{processes} processes compute on {cores} processor",
                "{processes} processes compute on {cores} processors",
                1 if may_use.number == 1 else 2,
                processes=str(count), cores=cores,
            ),
            tr(
                "For the last {samples} samples, {count} processes ({first} and others) have "
                "computed all the time. How many processors they may use: {cores}. So each gets "
                "{share:.0f} % of one. They take turns, which costs caches and memory, and makes "
                "none of them faster.",
                samples=str(_SAMPLES), count=str(count), first=who(first, first.number),
                cores=cores, share=100 * used / count,
            ),
            advice
            + " "
            + tr("If each has threads of a numerical library, set OMP_NUM_THREADS=1."),
        )  # fmt: skip

    return Cause(
        code="oversubscribed",
        which=(worker or 0,),
        words=words,
        since_ns=view.now_ns - _SAMPLES * 1_000_000_000,  # they are a second apart
        processes=tuple(row.number for row in rows[:_MOST_NAMED]),
    )
