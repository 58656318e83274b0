"""Writing what processes do to shared objects: rows in memory until the next flush.

object_created, states, counters --the last one of each counts--.
histories, lost, watched ---------------------------------------+--> write(connection)
operations --OperationWriter------------------------------------'
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from ..vocabulary.events import ObjectCreated, ObjectState, OperationCount, ProcessWatched, figures
from ..vocabulary.kinds import INWARD, OUTWARD
from ..vocabulary.operation import Operation
from .operation_writer import OperationWriter
from .records import LostOperations, OperationRow
from .tables import (
    COUNTER_HISTORY,
    COUNTERS,
    LOST,
    OBJECT_HISTORY,
    OBJECT_STATE,
    SHARED_OBJECT,
    WATCHED,
)

_OBJECT = SHARED_OBJECT.insert(replace=True)
_STATE = OBJECT_STATE.insert(replace=True)
_WATCHED = WATCHED.insert(replace=True)
_COUNTERS = COUNTERS.insert(replace=True)
_COUNTERS_THEN = COUNTER_HISTORY.insert(replace=True)
_STATE_THEN = OBJECT_HISTORY.insert(replace=True)
_LOST = LOST.insert(*LostOperations.__struct_fields__)


class SharedWriter:
    """What is pending for the tables of shared objects. For the session's writer."""

    def __init__(self) -> None:
        self._objects: dict[int, ObjectCreated] = {}
        self._states: dict[int, ObjectState] = {}
        self._watched: dict[int, ProcessWatched] = {}
        self._counters: dict[tuple[int, int, int], tuple[int, ...]] = {}
        self._lost: list[LostOperations] = []
        self._states_then: list[ObjectState] = []
        self._counters_then: list[tuple[int, ...]] = []
        self._operations = OperationWriter()
        self._dirty = False

    @property
    def dirty(self) -> bool:
        """There is something to write."""
        return self._dirty or self._operations.dirty

    @property
    def pending_operations(self) -> int:
        """How many operations wait for a flush."""
        return self._operations.pending

    def created(self, event: ObjectCreated) -> None:
        """Note an object."""
        self._objects[event.object] = event
        self._dirty = True

    def state(self, event: ObjectState) -> None:
        """Note what an object is like now; the last one counts."""
        self._states[event.object] = event
        self._dirty = True

    def object_history(self, states: Iterable[ObjectState]) -> None:
        """Note states to be kept: at most one for each object and time."""
        self._states_then += states
        self._dirty = True

    def watched(self, event: ProcessWatched) -> None:
        """Note whether a process carries a recorder; the last one counts."""
        self._watched[event.process] = event
        self._dirty = True

    def counters(self, rows: Iterable[tuple[int, int, OperationCount]]) -> None:
        """Note totals: (object, process, totals of one operation); the last ones count."""
        for number, process, total in rows:
            key = (number, process, self.text_id(total.operation))
            self._counters[key] = (*key, *figures(total))
            self._dirty = True

    def counter_history(
        self, time_ns: int, rows: Iterable[tuple[int, int, OperationCount]]
    ) -> None:
        """Note totals as they were at a moment, to be kept."""
        for number, process, total in rows:
            operation = self.text_id(total.operation)
            self._counters_then.append((number, process, operation, time_ns, *figures(total)))
            self._dirty = True

    def lost(self, lost: LostOperations) -> None:
        """Note operations of a process that have no row."""
        self._lost.append(lost)
        self._dirty = True

    def text_id(self, text: str) -> int:
        """What stands for a text in rows."""
        return self._operations.text_id(text)

    def rows(self, rows: Sequence[OperationRow]) -> None:
        """Note operations, in about the order of their ends."""
        self._operations.rows(rows)

    def operations(self, operations: Iterable[Operation]) -> None:
        """The same, of operations with their texts."""
        self._operations.operations(operations)

    def ended(self, process: int) -> None:
        """Nothing of this process will come any more."""
        self._operations.ended(process)

    def write(self, connection: sqlite3.Connection) -> None:
        """Write all that is pending; what belongs to a transaction is for the caller."""
        many = connection.executemany
        json = msgspec.json.encode
        many(_OBJECT, [(key, json(event).decode()) for key, event in self._objects.items()])
        many(_STATE, [(key, json(event).decode()) for key, event in self._states.items()])
        many(_STATE_THEN, map(_state_row, self._states_then))
        many(_WATCHED, [(key, json(event).decode()) for key, event in self._watched.items()])
        many(_COUNTERS, list(self._counters.values()))
        many(_COUNTERS_THEN, self._counters_then)
        many(_LOST, [msgspec.structs.astuple(row) for row in self._lost])
        self._operations.write(connection)

    def clear(self) -> None:
        """What was pending is in the file."""
        for pending in (self._objects, self._states, self._watched, self._counters):
            pending.clear()
        for rows in (self._lost, self._states_then, self._counters_then):
            rows.clear()
        self._operations.clear()
        self._dirty = False


def _state_row(state: ObjectState) -> tuple[int, int, int | None, int, int, int, str]:
    counts = state.counts
    detail = (
        [(one.operation, *figures(one)) for one in counts],
        state.holders,
        state.waiters,
        state.open_in,
        state.peer,
    )
    return (
        state.object,
        state.time_ns,
        state.depth,
        sum(one.count for one in counts if one.operation in INWARD),
        sum(one.count for one in counts if one.operation in OUTWARD),
        sum(one.waited_ns for one in counts),
        msgspec.json.encode(detail).decode(),
    )
