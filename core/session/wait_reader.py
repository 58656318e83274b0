"""Reading what has waited, waits that are not over included.

exits --cut_waits--> what the end of a process cut off --.
states, counters of a moment ----------------------------+--> as_of --> objects_at, counters_at
operations that were over then or later --waits_at-------'
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from ..vocabulary.events import ObjectState, OperationCount, ProcessExited
from ..vocabulary.operation import Operation
from .history_reader import HistoryReader
from .open_waits import (
    CounterKey,
    CounterRows,
    OpenWait,
    SiteRows,
    Span,
    as_of,
    counts_with,
    sites_with,
    waits_in,
)
from .operation_reader import OperationReader
from .row_types import Number

_AHEAD = 100_000  # rows behind a moment among which waits are looked for that went on then
_MOST = 5000  # waits near a moment
_WAITED_NS = 1_000_000  # shorter waits do not matter when one looks at a moment
_ADDED_NS = 10_000_000  # nor do these in totals, and there may be very many
_KEPT = 3  # moments whose waits are kept: several questions are asked of each
_LATE_NS = 3_000_000_000  # what was over before had been noted by then
_NEVER = 1 << 62
# What it was in is looked for in a text that we wrote: most processes end in nothing.
_ENDS = (
    "SELECT process, change, CASE WHEN instr(exited, '\"doing\":[{') THEN exited END "
    "FROM process WHERE change > ? ORDER BY change"
)


class WaitReader(OperationReader, HistoryReader):
    """The part of SessionReader for waits. All methods raise SessionError."""

    _ends_read = 0
    _cut: dict[int, list[OpenWait]] | None = None  # by process
    _kept: dict[int, list[Span]] | None = None  # by moment

    def cut_waits(self) -> list[OpenWait]:
        """The waits that were not over when their processes ended."""
        if self._cut is None:
            self._cut = {}
        rows = self.rows(tuple[Number, Number, str | None], _ENDS, (self._ends_read,))
        for process, change, text in rows:
            self._ends_read = change
            if text is not None:
                exited = self._decoded((process, text), ProcessExited, "process")
                waits = waits_in(process, exited.doing, exited.time_ns)
                # No wait is older than the session, whatever a file from elsewhere says.
                self._cut[process] = [
                    one._replace(since_ns=max(one.since_ns, self.began_ns))
                    for one in waits
                    if self.began_ns < one.until_ns
                ]
        return [one for waits in self._cut.values() for one in waits]

    def waits_at(self, time_ns: int) -> dict[int, list[Operation]]:
        """The operations of each process that had begun and were not over at a moment, as far as
        they have a row and had to wait."""
        found: dict[int, list[Operation]] = {}
        for each in self._over_after(time_ns, _WAITED_NS):
            if each.start_ns <= time_ns < each.end_ns:
                found.setdefault(each.process, []).append(each)
        return found

    def objects_at(self, time_ns: int) -> list[ObjectState]:
        """The state of each object that had one at a moment, in order of their number, with the
        waits that went on then. What was waited for had one, noted or not."""
        states = self.states_noted(time_ns)
        if self.version < 3:
            return states
        before = self.states_noted(time_ns - _LATE_NS)
        totals = as_of(
            time_ns,
            [
                {
                    (state.object, 0, count.operation): (state.time_ns, count)
                    for state in each
                    for count in state.counts
                }
                for each in (states, before)
            ],
            [span._replace(key=(span.key[0], 0, span.key[2])) for span in self._spans(time_ns)],
        )
        counts: dict[int, list[OperationCount]] = {}
        for (number, _, _), count in totals.items():
            counts.setdefault(number, []).append(count)
        known = {state.object: state for state in states}
        return [
            replace(
                known.get(number) or ObjectState(number, time_ns, (), None, (), ()),
                counts=tuple(counts.get(number, ())),
            )
            for number in sorted(known.keys() | counts.keys())
        ]

    def counters_at(self, time_ns: int) -> CounterRows:
        """(object, process, totals of one operation) at a moment, with the waits that went on
        then."""
        totals = as_of(
            time_ns,
            [
                {
                    (number, process, count.operation): (noted_ns, count)
                    for noted_ns, number, process, count in self.counters_noted(at_ns)
                }
                for at_ns in (time_ns, time_ns - _LATE_NS)
            ],
            self._spans(time_ns) if self.version >= 3 else (),
        )
        return [(number, process, count) for (number, process, _), count in totals.items()]

    def operations_by_site(self, object: int) -> SiteRows:  # noqa: A002
        """As OperationReader has it, with the waits that the ends of processes cut off."""
        cut = [wait for wait in self.cut_waits() if wait.object == object]
        return sites_with(super().operations_by_site(object), cut)

    def _with_cut_waits(self, states: list[ObjectState]) -> list[ObjectState]:
        cut: dict[int, list[OpenWait]] = {}
        for wait in self.cut_waits():
            cut.setdefault(wait.object, []).append(wait)
        return [
            replace(state, counts=counts_with(state.counts, cut[state.object]))
            if state.object in cut
            else state
            for state in states
        ]

    def _spans(self, time_ns: int) -> list[Span]:
        """The waits that may not have been noted yet at a moment."""
        if self._kept is None:
            self._kept = {}
        found = self._kept.get(time_ns)
        if found is None:
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            found = self._kept[time_ns] = list(self._read_spans(time_ns))
        return found

    def _read_spans(self, time_ns: int) -> Iterable[Span]:
        first = self._first_ended_after(time_ns - 2 * _LATE_NS)
        last = self._first_ended_after(time_ns)
        late = self.operations(
            after_id=first - 1,
            before_id=last,
            limit=_MOST,
            newest=True,
            waited_over_ns=_ADDED_NS,
        )
        for one in (*(each for _, each in late), *self._over_after(time_ns, _ADDED_NS)):
            if one.object:
                key: CounterKey = (one.object, one.process, one.operation)
                yield Span(key, one.start_ns, one.end_ns, one.waited_ns)
        for wait in self.cut_waits():
            key = (wait.object, wait.process, wait.operation)
            yield Span(key, wait.since_ns, _NEVER, wait.waited_ns)

    def _over_after(self, time_ns: int, waited_ns: int) -> list[Operation]:
        """Operations that waited longer than this, from about the first one on that was over after
        a moment."""
        first = self._first_ended_after(time_ns)
        rows = self.operations(
            after_id=first - 1,
            before_id=first + _AHEAD,
            limit=_MOST,
            waited_over_ns=waited_ns,
        )
        return [each for _, each in rows]

    def tasks_at(self, time_ns: int, pools: Iterable[int]) -> dict[int, list[Operation]]:
        """The tasks of these pools that each process was in at a moment, as far as they have a
        row."""
        first = self._first_ended_after(time_ns)
        found: dict[int, list[Operation]] = {}
        for number in pools:
            rows = self.operations(number, first - 1, 5000, before_id=first + _AHEAD)
            for _, each in rows:
                if each.operation == "task" and each.start_ns <= time_ns < each.end_ns:
                    found.setdefault(each.process, []).append(each)
        return found

    def _first_ended_after(self, time_ns: int) -> int:
        """The id of about the first operation that ended after a moment. Rows lie in about the
        order of their ends, up to two seconds too late: hence earlier ones are no loss."""
        low, high = 1, self.last_operation_id() + 1
        while low < high:
            middle = (low + high) // 2
            rows = self.operations(after_id=middle - 1, limit=1)
            if not rows or rows[0][1].end_ns > time_ns:
                high = middle
            else:
                low = middle + 1
        return low
