"""Reading who waited at a moment: the operations that had begun and were over later.

rows --halving--> the first that was over after the moment --> the next 100,000 --> waits, tasks
"""

from __future__ import annotations

from collections.abc import Iterable

from ..vocabulary.operation import Operation
from .cut_waits import CutWaits
from .open_waits import CounterKey, Span
from .operation_reader import OperationReader

LATE_NS = 3_000_000_000  # what was over before had been noted by then
_AHEAD = 100_000  # rows behind a moment among which waits are looked for that went on then
_MOST = 5000  # waits near a moment
_WAITED_NS = 1_000_000  # shorter waits do not matter when one looks at a moment
_ADDED_NS = 10_000_000  # nor do these in totals, and there may be very many
_KEPT = 3  # moments whose waits are kept: several questions are asked of each
_NEVER = 1 << 62


class WaitReader:
    """The part of SessionReader for waits. All methods raise SessionError."""

    def __init__(self, operations: OperationReader, cut: CutWaits) -> None:
        self._operations = operations
        self._cut = cut
        self._kept: dict[int, list[Span]] = {}  # by moment

    def at(self, time_ns: int) -> dict[int, list[Operation]]:
        """The operations of each process that had begun and were not over at a moment, as far as
        they have a row and had to wait."""
        found: dict[int, list[Operation]] = {}
        for each in self._over_after(time_ns, _WAITED_NS):
            if each.start_ns <= time_ns < each.end_ns:
                found.setdefault(each.process, []).append(each)
        return found

    def tasks_at(self, time_ns: int, pools: Iterable[int]) -> dict[int, list[Operation]]:
        """The tasks of these pools that each process was in at a moment, as far as they have a
        row."""
        first = self._first_ended_after(time_ns)
        found: dict[int, list[Operation]] = {}
        for number in pools:
            rows = self._operations.page(number, first - 1, 5000, before_id=first + _AHEAD)
            for _, each in rows:
                if each.operation == "task" and each.start_ns <= time_ns < each.end_ns:
                    found.setdefault(each.process, []).append(each)
        return found

    def spans(self, time_ns: int) -> list[Span]:
        """The waits that may not have been noted yet at a moment."""
        found = self._kept.get(time_ns)
        if found is None:
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            found = self._kept[time_ns] = list(self._read_spans(time_ns))
        return found

    def _read_spans(self, time_ns: int) -> Iterable[Span]:
        first = self._first_ended_after(time_ns - 2 * LATE_NS)
        last = self._first_ended_after(time_ns)
        late = self._operations.page(
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
        for wait in self._cut.read():
            key = (wait.object, wait.process, wait.operation)
            yield Span(key, wait.since_ns, _NEVER, wait.waited_ns)

    def _over_after(self, time_ns: int, waited_ns: int) -> list[Operation]:
        """Operations that waited longer than this, from about the first one on that was over after
        a moment."""
        first = self._first_ended_after(time_ns)
        rows = self._operations.page(
            after_id=first - 1,
            before_id=first + _AHEAD,
            limit=_MOST,
            waited_over_ns=waited_ns,
        )
        return [each for _, each in rows]

    def _first_ended_after(self, time_ns: int) -> int:
        """The id of about the first operation that ended after a moment. Rows lie in about the
        order of their ends, up to two seconds too late: hence earlier ones are no loss."""
        low, high = 1, self._operations.last_id() + 1
        while low < high:
            middle = (low + high) // 2
            rows = self._operations.page(after_id=middle - 1, limit=1)
            if not rows or rows[0][1].end_ns > time_ns:
                high = middle
            else:
                low = middle + 1
        return low
