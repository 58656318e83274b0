"""Reading what processes share: the objects, their states, what was counted and what was lost.

Sessions of the first version have none of these tables; they read as if nothing had been watched.
"""

from __future__ import annotations

from ..vocabulary.events import ObjectCreated, ObjectState, OperationCount, ProcessWatched
from .history_reader import CounterRow
from .open_waits import CounterRows, rows_with
from .records import LostOperations
from .row_types import Int, Number
from .wait_reader import WaitReader


class SharedReader(WaitReader):
    """The part of SessionReader for shared objects."""

    def objects(self, after: int = 0) -> list[ObjectCreated]:
        """The shared objects with numbers above `after`, in order of their number."""
        rows = self.rows(
            tuple[Number, str],
            "SELECT object, created FROM shared_object WHERE object > ? ORDER BY object",
            (after,),
            since=2,
        )
        return [self._decoded(row, ObjectCreated, "object") for row in rows]

    def object_states(self) -> list[ObjectState]:
        """The last state of each object that has one, in order of their number. Its waits include
        those that the end of a process cut off."""
        return self._with_cut_waits(self.last_states())

    def watched(self) -> list[ProcessWatched]:
        """What was last said of each process that could carry a recorder."""
        statement = "SELECT process, watched FROM watched ORDER BY process"
        rows = self.rows(tuple[Number, str], statement, since=2)
        return [self._decoded(row, ProcessWatched, "process") for row in rows]

    def counters(self, process: int | None = None) -> list[tuple[int, int, OperationCount]]:
        """(object, process, totals of one operation), of one process or of all; brought up to date
        twice a second while processes live. Their waits include those that the end of the process
        cut off."""
        cut = [one for one in self.cut_waits() if process in (None, one.process)]
        return rows_with(self.counted(process), cut)

    def counted(self, process: int | None = None) -> CounterRows:
        """The same without these waits: what was counted by the process itself."""
        where, which = ("", ()) if process is None else ("WHERE process = ? ", (process,))
        return self._decoded_counters(
            self.rows(
                CounterRow,
                "SELECT object, process, operation, count, waits, waited_ns, bytes, timeouts, "
                f"errors FROM counters {where}ORDER BY object, process, operation",
                which,
                since=2,
            )
        )

    def lost(self, process: int | None = None) -> list[LostOperations]:
        """How many operations of each process (or of one) have no row."""
        where, which = ("", ()) if process is None else ("WHERE process = ? ", (process,))
        rows = self.rows(
            tuple[Number, Number, Int, Int, Int],
            f"SELECT process, time_ns, count, only_counted, overwritten FROM lost {where}"
            "ORDER BY time_ns",
            which,
            since=2,
        )
        return [LostOperations(*row) for row in rows]
