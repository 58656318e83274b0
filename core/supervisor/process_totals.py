"""What each process did to each object in all, operation by operation.

changes of counters --> Tally --twice a second--> the last totals in the session
                              --every 2 s-------> their history, and the last ones
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ..observe.recorder_layout import ZERO, Counter, added
from ..vocabulary.events import OperationCount
from .journal import SessionJournal
from .shared_object import totals_of

_HISTORY_NS = 2_000_000_000  # between two rows of one counter
_Row = tuple[int, int, OperationCount]


class Tally:
    """The totals of one operation of a process on an object."""

    __slots__ = ("counter", "kept_ns", "object", "operation", "process")

    def __init__(self, process: int, number: int, operation: int) -> None:
        self.process = process
        self.object = number
        self.operation = operation
        self.counter: Counter = ZERO
        self.kept_ns = 0  # when its history was last written

    def row(self) -> _Row:
        """As the journal takes it."""
        return self.object, self.process, totals_of(self.operation, self.counter)


class ProcessTotals:
    """See the module."""

    def __init__(self, journal: SessionJournal) -> None:
        self._journal = journal
        self._tallies: dict[int, dict[tuple[int, int], Tally]] = defaultdict(dict)
        self._changed: dict[Tally, None] = {}
        self._unkept: dict[Tally, None] = {}  # its history lacks what it is now

    def tally(self, process: int, number: int, operation: int) -> Tally:
        """That of an operation of a process on an object."""
        tallies = self._tallies[process]
        found = tallies.get((number, operation))
        if found is None:
            found = tallies[number, operation] = Tally(process, number, operation)
        return found

    def of(self, process: int) -> dict[tuple[int, int], Counter]:
        """What a process has done, by object and operation."""
        tallies = self._tallies.get(process, {})
        return {key: tally.counter for key, tally in tallies.items()}

    def count(self, tally: Tally, delta: Counter) -> None:
        """It has grown by `delta`."""
        tally.counter = added(tally.counter, delta)
        self._changed[tally] = self._unkept[tally] = None

    def tell(self, time_ns: int, everything: bool = False) -> None:
        """Write the totals that have changed, and the history of those whose turn it is, or of
        all. `time_ns`: now, Unix time."""
        if self._changed:
            self._journal.counters([tally.row() for tally in self._changed])
            self._changed.clear()
        before = time_ns - _HISTORY_NS
        self._keep(
            [tally for tally in self._unkept if everything or tally.kept_ns <= before], time_ns
        )

    def ended(self, process: int, time_ns: int) -> None:
        """Write the totals of a process that has ended, and let go of them."""
        tallies = self._tallies.pop(process, None)
        if not tallies:
            return
        self._journal.counters([tally.row() for tally in tallies.values()])
        for tally in tallies.values():
            self._changed.pop(tally, None)
        self._keep([tally for tally in tallies.values() if tally in self._unkept], time_ns)

    def _keep(self, tallies: Iterable[Tally], time_ns: int) -> None:
        rows = []
        for tally in tallies:
            tally.kept_ns = time_ns
            del self._unkept[tally]
            rows.append(tally.row())
        if rows:
            self._journal.counter_history(time_ns, rows)
