"""Reading what processes did to shared objects.

Sessions of the first version have none of these tables; they read as if nothing had been watched.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ..vocabulary.events import ObjectCreated, ObjectState, OperationCount, ProcessWatched
from ..vocabulary.operation import Operation
from .records import LostOperations

_OPERATION = (
    "SELECT id, process, object, operation, thread, start_ns, end_ns, waited_ns, bytes, preview, "
    "outcome, site, text, argument FROM operation "
)


class SharedReader:
    """The part of SessionReader for shared objects. `version`: of the session's format."""

    version: int

    def __init__(self) -> None:
        self._texts = [""]  # by id, without gaps

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

    def operations(
        self,
        object: int | None = None,  # noqa: A002 - what it is called everywhere
        after_id: int = 0,
        limit: int = 1000,
        newest: bool = False,
    ) -> list[tuple[int, Operation]]:
        """At most `limit` operations with ids above `after_id`, in order of their ids: the first
        ones, or the `newest`. Of one object, or of all."""
        where = "WHERE id > ? " if object is None else "WHERE object = ? AND id > ? "
        which = (after_id,) if object is None else (object, after_id)
        order = "DESC" if newest else "ASC"
        rows = self._rows_of_2(f"{_OPERATION}{where}ORDER BY id {order} LIMIT ?", (*which, limit))
        if newest:
            rows.reverse()
        if rows:
            self._read_texts()
        texts = self._texts
        with self._checking():
            return [
                (
                    row[0],
                    Operation(
                        process=row[1],
                        object=row[2],
                        operation=texts[row[3]],
                        thread=texts[row[4]],
                        start_ns=row[5],
                        end_ns=row[6],
                        waited_ns=row[7],
                        bytes=row[8],
                        preview=row[9],
                        outcome=texts[row[10]],
                        site=texts[row[11]],
                        text=texts[row[12]],
                        argument=row[13],
                    ),
                )
                for row in rows
            ]

    def last_operation_id(self, process: int | None = None) -> int:
        """The id of the last operation; of a process: known once it has ended, 0 before."""
        rows = (
            self._rows_of_2("SELECT coalesce(max(id), 0) FROM operation")
            if process is None
            else self._rows_of_2("SELECT id FROM last_operation WHERE process = ?", (process,))
        )
        return int(rows[0][0]) if rows else 0

    def counters(self, process: int | None = None) -> list[tuple[int, int, OperationCount]]:
        """(object, process, totals of one operation), of one process or of all."""
        where, which = ("", ()) if process is None else ("WHERE process = ? ", (process,))
        rows = self._rows_of_2(
            "SELECT object, process, operation, count, waits, waited_ns, bytes, timeouts, errors "
            f"FROM counters {where}ORDER BY object, process, operation",
            which,
        )
        if rows:
            self._read_texts()
        with self._checking():
            return [(row[0], row[1], OperationCount(self._texts[row[2]], *row[3:])) for row in rows]

    def lost(self, process: int | None = None) -> list[LostOperations]:
        """How many operations of each process (or of one) have no row."""
        where, which = ("", ()) if process is None else ("WHERE process = ? ", (process,))
        rows = self._rows_of_2(
            f"SELECT process, time_ns, count, only_counted, overwritten FROM lost {where}"
            "ORDER BY time_ns",
            which,
        )
        return [LostOperations(*row) for row in rows]

    def _read_texts(self) -> None:
        rows = self._rows(
            "SELECT id, text FROM text WHERE id >= ? ORDER BY id", (len(self._texts),)
        )
        with self._checking():
            for number, text in rows:
                if number != len(self._texts):
                    raise ValueError(f"text {len(self._texts)} is missing")
                self._texts.append(text)

    def _decoded(self, text: str, kind: type[Any]) -> Any:
        with self._checking():
            return msgspec.json.decode(text, type=kind)

    def _rows_of_2(self, statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Rows of a table that came with version 2."""
        return self._rows(statement, parameters) if self.version >= 2 else []

    def _rows(self, statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        raise NotImplementedError

    def _checking(self) -> Any:
        raise NotImplementedError
