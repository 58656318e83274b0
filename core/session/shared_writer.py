"""Writing what processes do to shared objects: rows in memory until the next flush.

object_created, states, counters --the last one of each counts--.
operations --texts become ids-----------------------------------+--> write(connection)
lost, watched ---------------------------------------------------'
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import msgspec

from ..vocabulary.events import ObjectCreated, ObjectState, OperationCount, ProcessWatched
from ..vocabulary.operation import Operation
from .records import LostOperations

_OBJECT = "INSERT OR REPLACE INTO shared_object VALUES (?, ?)"
_STATE = "INSERT OR REPLACE INTO object_state VALUES (?, ?)"
_WATCHED = "INSERT OR REPLACE INTO watched VALUES (?, ?)"
_COUNTERS = "INSERT OR REPLACE INTO counters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LOST = "INSERT INTO lost VALUES (?, ?, ?, ?, ?)"
_TEXT = "INSERT INTO text VALUES (?, ?)"
_OPERATION = f"INSERT INTO operation VALUES ({', '.join('?' * 14)})"
_LAST = "INSERT OR REPLACE INTO last_operation VALUES (?, ?)"


class _Texts(dict[str, int]):
    """The ids of texts; a new text gets one, and a place in `new`."""

    def __init__(self, new: list[tuple[int, str]]) -> None:
        super().__init__({"": 0})
        self._new = new

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        self._new.append((number, text))
        return number


class SharedWriter:
    """What is pending for the tables of shared objects. For the session's writer."""

    def __init__(self) -> None:
        self._objects: dict[int, ObjectCreated] = {}
        self._states: dict[int, ObjectState] = {}
        self._watched: dict[int, ProcessWatched] = {}
        self._counters: dict[tuple[int, int, int], tuple[int, ...]] = {}
        self._lost: list[LostOperations] = []
        self._ended: list[tuple[int, int]] = []
        self._operations: list[tuple[Any, ...]] = []
        self._new_texts: list[tuple[int, str]] = []
        self._texts = _Texts(self._new_texts)
        self._last_id = 0
        self._last_of: dict[int, int] = {}  # process: its last operation
        self.dirty = False

    def created(self, event: ObjectCreated) -> None:
        """Note an object."""
        self._objects[event.object] = event
        self.dirty = True

    def state(self, event: ObjectState) -> None:
        """Note what an object is like now; the last one counts."""
        self._states[event.object] = event
        self.dirty = True

    def watched(self, event: ProcessWatched) -> None:
        """Note whether a process carries a recorder; the last one counts."""
        self._watched[event.process] = event
        self.dirty = True

    def counters(self, rows: Iterable[tuple[int, int, OperationCount]]) -> None:
        """Note totals: (object, process, totals of one operation); the last ones count."""
        for number, process, total in rows:
            key = (number, process, self._texts[total.operation])
            self._counters[key] = (
                *key,
                total.count,
                total.waits,
                total.waited_ns,
                total.bytes,
                total.timeouts,
                total.errors,
            )
            self.dirty = True

    def lost(self, lost: LostOperations) -> None:
        """Note operations of a process that have no row."""
        self._lost.append(lost)
        self.dirty = True

    def operations(self, operations: Iterable[Operation]) -> None:
        """Note operations, in about the order of their ends."""
        texts = self._texts
        for one in operations:
            self._last_id += 1
            self._last_of[one.process] = self._last_id
            self._operations.append(
                (
                    self._last_id,
                    one.object,
                    one.process,
                    texts[one.operation],
                    texts[one.thread],
                    one.start_ns,
                    one.end_ns,
                    one.waited_ns,
                    one.bytes,
                    one.preview,
                    texts[one.outcome],
                    texts[one.site],
                    texts[one.text],
                    one.argument,
                )
            )
            self.dirty = True

    def ended(self, process: int) -> None:
        """Nothing of this process will come any more."""
        last = self._last_of.pop(process, None)
        if last is not None:
            self._ended.append((process, last))
            self.dirty = True

    def write(self, connection: sqlite3.Connection) -> None:
        """Write all that is pending; what belongs to a transaction is for the caller."""
        many = connection.executemany
        json = msgspec.json.encode
        many(_TEXT, self._new_texts)
        many(_OBJECT, [(key, json(event).decode()) for key, event in self._objects.items()])
        many(_STATE, [(key, json(event).decode()) for key, event in self._states.items()])
        many(_WATCHED, [(key, json(event).decode()) for key, event in self._watched.items()])
        many(_COUNTERS, list(self._counters.values()))
        many(_LOST, [msgspec.structs.astuple(row) for row in self._lost])
        many(_OPERATION, self._operations)
        many(_LAST, self._ended)

    def clear(self) -> None:
        """What was pending is in the file."""
        for pending in (self._objects, self._states, self._watched, self._counters):
            pending.clear()
        for rows in (self._lost, self._ended, self._operations, self._new_texts):
            rows.clear()
        self.dirty = False
