"""More processes that compute, all the time, than there are processors for them.

    all samples of a process for some seconds: it runs, or is ready to --> it computes
    such processes, many more than there are processors for them --> they take turns

Whoever waits for something else now and then sleeps in some of its samples. On a machine that is
busy with other things everybody is always ready to run: so these have to get some of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.events import HELPERS, Role
from ..waits.situation import who
from .cause import Cause, Words
from .processors import Processors, processors
from .view import View

_LONG_NS = 4_000_000_000  # from the first of these samples to the last
_SAMPLES = 5  # of these, which tell how much it got
_SOME = 0.15  # of the processors, that they got together
_TIMES = 2.0  # as many as processors: less costs little
_MOST_NAMED = 100


def oversubscribed(view: View) -> Iterator[Cause]:
    """One for each run."""
    if view.over or view.store.moment_ns is not None:
        return
    runs: dict[int | None, list[ProcessRow]] = {}
    for row in view.processes:
        of_program = row.role is not Role.SUPERVISOR and row.role not in HELPERS
        computes = row.running_ns is not None and row.sampled_ns - row.running_ns >= _LONG_NS
        if row.is_live and of_program and computes:
            runs.setdefault(row.worker, []).append(row)
    for worker, rows in runs.items():
        if len(rows) > _TIMES:  # on one processor; it is not asked for nothing
            may_use = processors(row.pid for row in rows)
            got = sum(map(_share, rows)) / 100
            if len(rows) > _TIMES * may_use.number and got >= _SOME * may_use.number:
                yield _found(worker, rows, may_use)


def _share(row: ProcessRow) -> float:
    """How much of a processor it got lately, in percent."""
    last = row.cpu_history[-_SAMPLES:]
    return sum(last) / max(1, len(last))


def _found(worker: int | None, rows: list[ProcessRow], may_use: Processors) -> Cause:
    first, count = rows[0], len(rows)
    since_ns = max(row.running_ns or 0 for row in rows)
    lasts_s = (max(row.sampled_ns for row in rows) - since_ns) / 1e9
    share = sum(map(_share, rows)) / count
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
                "For {time}, {count} processes ({first} and others) have computed, or wanted to, "
                "in every sample. How many processors they may use: {cores}. Each gets "
                "{share:.0f} % of one. They take turns, which costs caches and memory, and makes "
                "none of them faster.",
                time=duration(lasts_s), count=str(count), first=who(first, first.number),
                cores=cores, share=share,
            ),
            advice
            + " "
            + tr("If each has threads of a numerical library, set OMP_NUM_THREADS=1."),
        )  # fmt: skip

    return Cause(
        code="oversubscribed",
        which=(worker or 0,),
        words=words,
        since_ns=since_ns,
        processes=tuple(row.number for row in rows[:_MOST_NAMED]),
    )
