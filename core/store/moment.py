"""A session as it was at one moment: the same face as the session's own store.

    rows of the session --row_at---------------.
    file: samples, states, waits, tasks --------+--> tables of that moment
    counters of then, read when first asked for-'

What had not started yet is in no table; what has ended since lives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from ..vocabulary.events import OperationCount, Sample
from ..vocabulary.kinds import NUMBERED, WORKING, kind_of
from ..vocabulary.operation import Operation
from .doing import Deed, deeds
from .objects import ObjectTable
from .process_row import ProcessRow, printable_sample
from .processes import ProcessTable
from .session import Session
from .store import Store

if TYPE_CHECKING:
    from ..session.open_waits import CounterRows
    from ..session.reader import SessionReader

RATE_WINDOW = 2_000_000_000
"""ns before the moment from which rates are told."""


class MomentStore(Store):
    """Reads what it holds when it is made, counters when they are first asked for. All of that
    raises SessionError."""

    def __init__(self, session: Session, reader: SessionReader, moment_ns: int) -> None:
        self._session = session
        self._file = reader
        self._counters: dict[int, CounterRows] = {}  # by time
        self._used: dict[int, list[tuple[int, OperationCount]]] | None = None
        super().__init__(self._read(moment_ns), session.findings.at(moment_ns), moment_ns)

    @property
    def session(self) -> Session:
        return self._session

    def now_ns(self) -> int:
        assert self.moment_ns is not None
        return self.moment_ns

    def counters(self, process: int | None = None) -> CounterRows:
        rows = self._counters_at(self.now_ns())
        return rows if process is None else [row for row in rows if row[1] == process]

    def counters_before(self, ago_ns: int) -> CounterRows | None:
        known = self._file.history.knows_moments
        return self._counters_at(self.now_ns() - ago_ns) if known else None

    def _counters_at(self, time_ns: int) -> CounterRows:
        found = self._counters.get(time_ns)
        if found is None:
            found = self._counters[time_ns] = self._file.history.counters_at(time_ns)
        return found

    def users_of(self, number: int) -> list[tuple[int, OperationCount]]:
        if self._used is None:
            self._used = {}
            for used, process, count in self.counters():
                self._used.setdefault(used, []).append((process, count))
        return self._used.get(number, [])

    def _read(self, moment_ns: int) -> ProcessTable:
        reader = self._file
        made = [event for event in reader.objects.all() if event.time_ns <= moment_ns]
        objects = ObjectTable()
        objects.clock = self._session.objects.clock
        before = None  # nobody can tell rates of totals that are those of the end
        if reader.history.knows_moments:
            before = reader.history.states_noted(moment_ns - RATE_WINDOW)
        objects.load(made, reader.history.states_at(moment_ns), before)
        went_on = reader.waits.at(moment_ns)
        pools = [row.number for row in objects if kind_of(row.type).is_pool]
        tasks = reader.waits.tasks_at(moment_ns, pools)
        samples = reader.samples.at(moment_ns)
        rows = []
        for row in self._session.processes:
            if row.started_ns <= moment_ns:
                past = [*tasks.get(row.number, ()), *went_on.get(row.number, ())]
                rows.append(_row_at(row, moment_ns, past, samples.get(row.number), objects))
        return ProcessTable.of(rows, objects)


def _row_at(
    row: ProcessRow,
    moment_ns: int,
    went_on: list[Operation],
    sample: Sample | None,
    objects: ObjectTable,
) -> ProcessRow:
    """How `row`, as it is now, stood at a moment after its start. `went_on`: the operations with a
    row of their own that it was in."""
    if row.ended_ns is None or row.ended_ns > moment_ns:
        row = replace(
            row,
            ended_ns=None,
            exit_code=None,
            signal=None,
            terminated_by=None,
            sent=False,
            raised=None,
            outcome="",
            lost=False,
            stopping=None,
            doing=_doing_at(row, moment_ns, went_on, objects),
            holding=(),
            held=(),
        )
    sample = sample and printable_sample(sample)
    return replace(row, sample=sample, cpu_history=())


def _doing_at(
    row: ProcessRow, moment_ns: int, went_on: list[Operation], objects: ObjectTable
) -> tuple[Deed, ...]:
    """What its threads were in: what it died in, it was in already; what was over later stands in
    the operations."""
    known = tuple(deed for deed in row.doing if deed.since_ns <= moment_ns)
    busy = {deed.thread for deed in known if deed.operation not in WORKING}
    tasks = {deed.thread for deed in known if deed.operation == "task"}
    past = [
        Deed(
            one.thread,
            one.operation,
            one.object or None,
            one.start_ns,
            one.site,
            one.text,
            "",
            one.argument if one.operation in NUMBERED else 0,
        )
        for one in went_on
        if one.thread not in busy and not (one.operation == "task" and one.thread in tasks)
    ]
    return deeds((*known, *past), objects)
