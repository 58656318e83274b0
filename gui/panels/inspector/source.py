"""What the Inspector shows of a process, put together from a store.

store (now, or at a moment) --look_at(process)--> Look
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from spawnscope.core.analysis.findings.concerned import Concerned
from spawnscope.core.analysis.inspection import Inspection, inspect
from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.observe.session_clock import SessionClock
from spawnscope.core.store.store import Store
from spawnscope.core.vocabulary.events import Raised, Sample
from spawnscope.core.vocabulary.findings import Severity
from spawnscope.core.vocabulary.kept_task import KeptTask

_USAGE_NS = 62_000_000_000  # what is asked of the samples: a minute


class Look(msgspec.Struct, frozen=True):
    """What there is to show. `samples`: of the last minute, oldest first. `until_ns`: messages that
    came later are not shown; None without such a limit. `clock`: of the session; `concerned`: by
    what is wrong; `raised`: the exception that ended it; `kept`: tasks that failed in
    it, or in pools that it made."""

    inspection: Inspection
    situation: Situation
    samples: tuple[Sample, ...]
    until_ns: int | None
    clock: SessionClock
    concerned: Concerned
    raised: Raised | None = None
    kept: tuple[KeptTask, ...] = ()

    @property
    def is_stuck(self) -> bool:
        """Whether one of its waits belongs to an error."""
        found = (self.concerned.of_wait(each.process, each.deed) for each in self.inspection.waits)
        return any(one is not None and one.severity is Severity.ERROR for one in found)


def look_at(store: Store, process: int) -> Look | None:
    """What is known of a process at the time of the store, or at its end if that was before. None
    when it is unknown, or had not started by then. Raises SessionError."""
    row = store.processes.get(process)
    if row is None:
        return None
    if store.moment_ns is None and row.ended_ns is not None:
        situation = Situation(store, row.ended_ns)
    else:
        situation = Situation(store)
    reader = store.reader
    samples: list[Sample] = []
    if reader is not None:
        until = min(situation.now_ns, row.ended_ns or situation.now_ns)
        found = reader.samples.of(process, until - _USAGE_NS)
        samples = [sample for sample in found if sample.time_ns <= until]

    def since(number: int) -> int | None:
        if reader is None:
            return None
        return reader.operations.held_since(number, process, situation.now_ns)

    inspection = inspect(situation, process, store.counters(process), since)
    if inspection is None:
        return None
    clock = store.objects.clock
    exited = None if inspection.is_live or reader is None else reader.processes.exited(process)
    raised = None if exited is None else exited.raised
    concerned = Concerned(store.findings)
    kept = tuple(_kept(store, process))
    of = inspection, situation, tuple(samples), store.moment_ns, clock, concerned, raised, kept
    return Look(*of)


def _kept(store: Store, process: int) -> Iterator[KeptTask]:
    for task in store.session.kept:
        pool = None if task.object is None else store.objects.get(task.object)
        concerned = task.process == process or (pool is not None and pool.creator == process)
        if concerned and (store.moment_ns is None or task.time_ns <= store.moment_ns):
            yield task
