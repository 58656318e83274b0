"""Reading what processes share: the objects, their states, and what was counted.

Sessions of the first version have none of these tables; they read as if nothing had been watched.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from ..vocabulary.events import ObjectCreated, ObjectState, OperationCount, ProcessWatched
from .cut_waits import CutWaits
from .open_waits import CounterRows, OpenWait, counts_with, rows_with
from .session_file import SessionFile
from .tables import COUNTERS
from .texts import SessionTexts


class ObjectReader:
    """The part of SessionReader for shared objects. All methods raise SessionError."""

    def __init__(self, file: SessionFile, texts: SessionTexts, cut: CutWaits) -> None:
        self._file = file
        self._texts = texts
        self._cut = cut

    def all(self, after: int = 0) -> list[ObjectCreated]:
        """The shared objects with numbers above `after`, in order of their number."""
        statement = "SELECT object, created FROM shared_object WHERE object > ? ORDER BY object"
        return self._file.events(ObjectCreated, "object", statement, after)

    def states(self) -> list[ObjectState]:
        """The last state of each object that has one, in order of their number. Its waits include
        those that the end of a process cut off."""
        cut: dict[int, list[OpenWait]] = {}
        for wait in self._cut.read():
            cut.setdefault(wait.object, []).append(wait)
        return [
            replace(state, counts=counts_with(state.counts, cut[state.object]))
            if state.object in cut
            else state
            for state in self.states_noted()
        ]

    def states_noted(self) -> list[ObjectState]:
        """The same without these waits: as the supervisor noted them."""
        statement = "SELECT object, state FROM object_state ORDER BY object"
        return self._file.events(ObjectState, "object", statement)

    def watched(self) -> list[ProcessWatched]:
        """What was last said of each process that could carry a recorder."""
        statement = "SELECT process, watched FROM watched ORDER BY process"
        return self._file.events(ProcessWatched, "process", statement)

    def counters(self, process: int | None = None) -> CounterRows:
        """(object, process, totals of one operation), of one process or of all; brought up to date
        twice a second while processes live. Their waits include those that the end of the process
        cut off."""
        cut = [one for one in self._cut.read() if process in (None, one.process)]
        return rows_with(self.counted(process), cut)

    def counted(self, process: int | None = None) -> CounterRows:
        """The same without these waits: what was counted by the process itself."""
        if process is None:
            return self._totals("")
        return self._totals("WHERE process = ?", process)

    def users_of(self, number: int) -> list[tuple[int, OperationCount]]:
        """The totals of each process and operation on an object, as pairs (process, totals)."""
        return [(process, count) for _, process, count in self._totals("WHERE object = ?", number)]

    def _totals(self, where: str, *which: int) -> CounterRows:
        statement = f"{COUNTERS.select()} {where} ORDER BY object, process, operation"
        rows = self._file.rows(COUNTERS.kind(), statement, which, since=2)
        return decoded_counters(self._file, self._texts, rows)


def decoded_counters(
    file: SessionFile, texts: SessionTexts, rows: Iterable[tuple[Any, ...]]
) -> CounterRows:
    """The rows (object, process, number of the operation, totals) with their texts. Raises
    SessionError."""
    known = texts.read()
    with file.checking():
        return [(row[0], row[1], OperationCount(known[row[2]], *row[3:])) for row in rows]
