"""Everything about one process, gathered for the Inspector.

Situation --threads, waits, holds--.
counters of the process -----------+--> inspect() --> Inspection
its last acquires -----------------'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from ..session.open_waits import rows_with
from ..store.doing import Deed
from ..store.object_row import ObjectRow
from ..store.process_row import ProcessRow
from ..vocabulary.events import OperationCount
from ..vocabulary.kinds import STARTED, WORKING
from .waits.chain import waits_of
from .waits.situation import Situation
from .waits.wait import Wait

Since = Callable[[int], int | None]
"""Since when the process has held an object, by its number: Unix time in ns, None if unknown."""


class ThreadLine(msgspec.Struct, frozen=True):
    """A thread and what it is in, the innermost last; a worker's task lies within its run."""

    thread: str
    deeds: tuple[Deed, ...]

    @property
    def innermost(self) -> Deed:
        """What it is in at this moment."""
        return self.deeds[-1]

    @property
    def waits(self) -> bool:
        """Whether it waits, rather than works."""
        return self.innermost.operation not in WORKING


class HeldObject(msgspec.Struct, frozen=True):
    """A shared object that the process holds. `waiters`: who waits for it, as pairs (process,
    thread)."""

    object: int
    type: str
    phrase: str
    thread: str
    since_ns: int | None
    waiters: tuple[tuple[int, str], ...]


class UseLine(msgspec.Struct, frozen=True):
    """The totals of one operation of the process on one object."""

    object: int
    type: str
    label: str
    totals: OperationCount


class Inspection(msgspec.Struct, frozen=True):
    """See the module. `now_ns`: the time that it is about."""

    row: ProcessRow
    now_ns: int
    is_live: bool
    parent: ProcessRow | None
    worker: ProcessRow | None
    threads: tuple[ThreadLine, ...]
    waits: tuple[Wait, ...]
    holds: tuple[HeldObject, ...]
    uses: tuple[UseLine, ...]


def inspect(
    situation: Situation,
    process: int,
    counters: Iterable[tuple[int, int, OperationCount]],
    since: Since,
) -> Inspection | None:
    """What is known of a process; None when it is unknown. `counters`: its totals, as
    SessionReader.counters gives them; `since` is asked for each object that it holds."""
    row = situation.processes.get(process)
    if row is None:
        return None
    return Inspection(
        row=row,
        now_ns=situation.now_ns,
        is_live=row.ended_ns is None or row.ended_ns > situation.now_ns,
        parent=_row(situation, row.parent),
        worker=_worker(situation, row),
        threads=_threads(situation, process),
        waits=waits_of(situation, process),
        holds=tuple(
            _holding(held, thread, since(held.number))
            for held, thread in situation.held_by(process)
        ),
        uses=_uses(situation, process, counters),
    )


def _row(situation: Situation, process: int | None) -> ProcessRow | None:
    return None if process is None else situation.processes.get(process)


def _worker(situation: Situation, row: ProcessRow) -> ProcessRow | None:
    """The root of the worker that it belongs to, if that is another process."""
    place = situation.processes.parent(row.number)
    while place is not None:
        above = situation.processes[place]
        if above.is_worker_root and above.worker == row.worker:
            return above
        place = situation.processes.parent(place)
    return None


def _threads(situation: Situation, process: int) -> tuple[ThreadLine, ...]:
    found: dict[str, list[Deed]] = {}
    for deed in situation.deeds(process):
        found.setdefault(deed.thread, []).append(deed)
    return tuple(
        ThreadLine(thread, tuple(sorted(deeds, key=lambda deed: deed.since_ns)))
        for thread, deeds in found.items()
    )


def _holding(row: ObjectRow, thread: str, since_ns: int | None) -> HeldObject:
    return HeldObject(row.number, row.type, row.phrase, thread, since_ns, row.waiters)


def _uses(
    situation: Situation, process: int, counters: Iterable[tuple[int, int, OperationCount]]
) -> tuple[UseLine, ...]:
    """Its use of shared objects, those with the longest waits first. What parents do to their
    children is no such use."""
    rows: dict[int, list[UseLine]] = {}
    waited: dict[int, int] = {}
    own = [row for row in counters if row[1] == process]
    for number, _, totals in rows_with(own, situation.open_waits(process)):
        row = situation.object(number)
        if row is None or row.type in STARTED or not _says_something(totals):
            continue
        rows.setdefault(number, []).append(UseLine(number, row.type, row.label, totals))
        waited[number] = waited.get(number, 0) + totals.waited_ns
    order = sorted(rows, key=lambda number: (-waited[number], number))
    return tuple(line for number in order for line in rows[number])


def _says_something(totals: OperationCount) -> bool:
    # The feeder thread's part of a put is the put's, unless it failed.
    if totals.operation == "feed":
        return totals.errors > 0
    return bool(totals.count or totals.timeouts or totals.errors or totals.waits)
