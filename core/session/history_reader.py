"""What things were like at a moment, and how they went over time.

    moment T    --> states_noted, counters_noted, samples_at: the last row of each at or before T
    from t to T --> object_series, sample_series: rows, thinned to so many points

Histories came with version 3: an older session has samples only.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from ..vocabulary.events import (
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessExited,
    ProcessWatched,
    Sample,
)
from .row_types import Int, Number, Real, decoded
from .table_reader import TableReader

E = TypeVar("E", ObjectCreated, ObjectState, ProcessExited, ProcessWatched)
SampleRow = tuple[Number, Number, Int, Number, Real, Int, Int, Int, str]
CounterRow = tuple[Number, Number, Number, Int, Int, Int, Int, Int, Int]
_NotedRow = tuple[Number, Number, Number, Number, Int, Int, Int, Int, Int, Int]

SAMPLE = (
    "SELECT s.id, s.process, coalesce(p.pid, 0), s.time_ns, s.cpu_percent, s.rss_bytes, "
    "s.threads, s.fds, s.status FROM "
)
"""The columns of a sample, its row first; the rest of the statement joins sample s, process p."""

# CROSS JOIN, so that SQLite looks up the one row of each, rather than going through all rows.
_OBJECTS_AT = (
    "SELECT h.object, h.time_ns, h.depth, h.detail "
    "FROM shared_object o CROSS JOIN object_history h ON h.object = o.object AND h.time_ns = "
    "(SELECT time_ns FROM object_history WHERE object = o.object AND time_ns <= ? "
    "ORDER BY time_ns DESC LIMIT 1) ORDER BY h.object"
)
_COUNTERS_AT = (
    "SELECT h.time_ns, h.object, h.process, h.operation, h.count, h.waits, h.waited_ns, h.bytes, "
    "h.timeouts, h.errors FROM counters c CROSS JOIN counter_history h ON h.object = c.object "
    "AND h.process = c.process AND h.operation = c.operation AND h.time_ns = (SELECT time_ns "
    "FROM counter_history WHERE object = c.object AND process = c.process AND operation = "
    "c.operation AND time_ns <= ? ORDER BY time_ns DESC LIMIT 1) "
    "ORDER BY h.object, h.process, h.operation"
)
_SERIES = (
    "SELECT max(time_ns), {values} FROM {table} WHERE {table_key} = ? AND time_ns > ? "
    "AND time_ns <= ? GROUP BY (time_ns - ?) / ? ORDER BY 1"
)
_IN_FORCE = (
    "SELECT time_ns, {values} FROM {table} WHERE {table_key} = ? AND time_ns <= ? "
    "ORDER BY time_ns DESC LIMIT 1"
)
_SPAN = """
SELECT max(time_ns) FROM (
    SELECT CAST(value AS INTEGER) AS time_ns FROM meta WHERE key IN ('began_ns', 'ended_ns')
    UNION ALL SELECT * FROM (SELECT time_ns FROM sample ORDER BY id DESC LIMIT 1)
    UNION ALL SELECT * FROM (SELECT end_ns FROM message_block ORDER BY first_id DESC LIMIT 1)
    UNION ALL SELECT json_extract(exited, '$.time_ns') FROM process
    {}
)
"""
_SPAN_OF_2 = """
    UNION ALL SELECT * FROM (SELECT end_ns FROM operation ORDER BY id DESC LIMIT 1)
    UNION ALL SELECT json_extract(state, '$.time_ns') FROM object_state
"""


class HistoryReader(TableReader):
    """The part of SessionReader for what was before. `began_ns`: when the session began."""

    began_ns: int

    def states_noted(self, time_ns: int) -> list[ObjectState]:
        """The state of each object that had one at a moment, in order of their number; as of a
        second before at most, unless nothing changed. Waits that were not over are not in it."""
        rows = self.rows(tuple[Number, Number, Int | None, str], _OBJECTS_AT, (time_ns,), since=3)
        with self._checking():
            found = {row[0]: _state(*row) for row in rows}
        for state in self.last_states() if self.version >= 3 else ():
            before = found.get(state.object)
            # The last one of all is in the history only once the session or its object rests.
            if state.time_ns <= time_ns and (before is None or before.time_ns < state.time_ns):
                found[state.object] = state
        return [found[number] for number in sorted(found)]

    def object_series(
        self,
        object: int,  # noqa: A002 - what it is called everywhere
        start_ns: int,
        end_ns: int,
        points: int,
    ) -> list[tuple[int, int | None, int, int]]:
        """(time_ns, depth, all that ever went in, all that ever went out) of an object: as it was
        at `start_ns`, with the time of that state, then the last state of each of `points` equal
        parts up to `end_ns` in which it changed. Each holds until the next. What counts as in and
        out: see `vocabulary.kinds`."""
        if self.version < 3:
            return []
        kind = tuple[Number, Int | None, Int, Int]
        table, key, values = "object_history", "object", "depth, inward, outward"
        return self._in_force(kind, table, key, values, object, start_ns) + self._parts(
            kind, table, key, values, object, start_ns, end_ns, points
        )

    def counters_noted(self, time_ns: int) -> list[tuple[int, int, int, OperationCount]]:
        """(when noted, object, process, totals of one operation) at a moment; as of two seconds
        before at most, unless nothing changed. Waits that were not over are not in it."""
        rows: list[Any] = self.rows(_NotedRow, _COUNTERS_AT, (time_ns,), since=3)
        counters = self._decoded_counters([row[1:] for row in rows])
        return [(row[0], *counter) for row, counter in zip(rows, counters, strict=True)]

    def samples_at(self, time_ns: int) -> dict[int, Sample]:
        """The last sample of each process that had one at a moment, by number of process; of ended
        ones too."""
        rows = self.rows(
            SampleRow,
            f"{SAMPLE} process p JOIN sample s ON s.id = (SELECT id FROM sample WHERE "
            "process = p.process AND time_ns <= ? ORDER BY time_ns DESC, id DESC LIMIT 1)",
            (time_ns,),
        )
        return {row[1]: Sample(*row[1:]) for row in rows}

    def sample_series(
        self, process: int, start_ns: int, end_ns: int, points: int
    ) -> list[tuple[int, float, int]]:
        """(time_ns, cpu_percent, rss_bytes) of a process: its last sample at `start_ns`, then for
        each of `points` equal parts up to `end_ns` with a sample the time of the last one and the
        highest values, so that no peak is lost."""
        kind = tuple[Number, Real, Int]
        key, values = "process", "max(cpu_percent), max(rss_bytes)"
        first = self._in_force(kind, "sample", key, "cpu_percent, rss_bytes", process, start_ns)
        return first + self._parts(kind, "sample", key, values, process, start_ns, end_ns, points)

    def span(self) -> tuple[int, int]:
        """From when to when anything is known, Unix time in ns; the end of a live session moves."""
        statement = _SPAN.format(_SPAN_OF_2 if self.version >= 2 else "")
        rows = self.rows(tuple[Number | None], statement)
        return self.began_ns, max(self.began_ns, rows[0][0] or 0)

    def last_states(self) -> list[ObjectState]:
        """The last state of each object that has one, in order of their number."""
        statement = "SELECT object, state FROM object_state ORDER BY object"
        rows = self.rows(tuple[Number, str], statement, since=2)
        return [self._decoded(row, ObjectState, "object") for row in rows]

    def _in_force(
        self, kind: object, table: str, key: str, values: str, number: int, start: int
    ) -> list[Any]:
        statement = _IN_FORCE.format(values=values, table=table, table_key=key)
        return self.rows(kind, statement, (number, start))

    def _parts(
        self,
        kind: object,
        table: str,
        key: str,
        values: str,
        number: int,
        start: int,
        end: int,
        points: int,
    ) -> list[Any]:
        width = max(1, -(-(end - start) // max(1, points)))
        statement = _SERIES.format(values=values, table=table, table_key=key)
        return self.rows(kind, statement, (number, start, end, start + 1, width))

    def _decoded(self, row: tuple[int, str], kind: type[E], key: str) -> E:
        """The event in a row whose number it has under the name `key`."""
        number, text = row
        with self._checking():
            event = decoded(text, kind)
            if getattr(event, key) != number:
                raise ValueError(f"{key} {number} calls itself {getattr(event, key)}")
            return event

    def _decoded_counters(self, rows: list[CounterRow]) -> list[tuple[int, int, OperationCount]]:
        if rows:
            self._read_texts()
        texts = self._texts
        with self._checking():
            return [(row[0], row[1], OperationCount(texts[row[2]], *row[3:])) for row in rows]


class _Detail(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What `object_history.detail` holds."""

    counts: tuple[tuple[str, int, int, int, int, int, int], ...]
    holders: tuple[tuple[int, str], ...]
    waiters: tuple[tuple[int, str], ...]


def _state(number: int, time_ns: int, depth: int | None, detail: str) -> ObjectState:
    known = decoded(detail, _Detail)
    counts = tuple(OperationCount(*one) for one in known.counts)
    return ObjectState(number, time_ns, counts, depth, known.holders, known.waiters)
