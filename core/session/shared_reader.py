"""Reading what processes share: the objects, their states, what was counted and what was lost.

Sessions of the first version have none of these tables; they read as if nothing had been watched.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ..vocabulary.events import ObjectCreated, ObjectState, OperationCount, ProcessWatched
from .history_reader import HistoryReader
from .operation_reader import OperationReader
from .records import LostOperations


class SharedReader(OperationReader, HistoryReader):
    """The part of SessionReader for shared objects."""

    def objects(self, after: int = 0) -> list[ObjectCreated]:
        """The shared objects with numbers above `after`, in order of their number."""
        rows = self._rows_of_2(
            "SELECT created FROM shared_object WHERE object > ? ORDER BY object", (after,)
        )
        return [self._decoded(row[0], ObjectCreated) for row in rows]

    def object_states(self) -> list[ObjectState]:
        """The last state of each object that has one, in order of their number."""
        rows = self._rows_of_2("SELECT state FROM object_state ORDER BY object")
        return [self._decoded(row[0], ObjectState) for row in rows]

    def watched(self) -> list[ProcessWatched]:
        """What was last said of each process that could carry a recorder."""
        rows = self._rows_of_2("SELECT watched FROM watched ORDER BY process")
        return [self._decoded(row[0], ProcessWatched) for row in rows]

    def counters(self, process: int | None = None) -> list[tuple[int, int, OperationCount]]:
        """(object, process, totals of one operation), of one process or of all; brought up to date
        twice a second while processes live."""
        where, which = ("", ()) if process is None else ("WHERE process = ? ", (process,))
        return self._decoded_counters(
            self._rows_of_2(
                "SELECT object, process, operation, count, waits, waited_ns, bytes, timeouts, "
                f"errors FROM counters {where}ORDER BY object, process, operation",
                which,
            )
        )

    def lost(self, process: int | None = None) -> list[LostOperations]:
        """How many operations of each process (or of one) have no row."""
        where, which = ("", ()) if process is None else ("WHERE process = ? ", (process,))
        rows = self._rows_of_2(
            f"SELECT process, time_ns, count, only_counted, overwritten FROM lost {where}"
            "ORDER BY time_ns",
            which,
        )
        return [LostOperations(*row) for row in rows]

    def _decoded(self, text: str, kind: type[Any]) -> Any:
        with self._checking():
            return msgspec.json.decode(text, type=kind)
