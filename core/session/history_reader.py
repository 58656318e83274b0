"""What shared objects were like at a moment, and how they went over time.

    moment T    --> states_noted, counters_noted: the last row of each at or before T
                         '-- and the waits that went on then --> states_at, counters_at
    from t to T --> series: rows, thinned to so many points

Histories came with version 3. Of an older session only the end is known: what there was at a
moment is told as it ended, and what cannot be told from that is not known.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from ..vocabulary.events import FIGURES, ObjectState, OperationCount
from .object_reader import ObjectReader, decoded_counters
from .open_waits import CounterRows, as_of
from .row_types import decoded
from .series import Series
from .session_file import SessionFile
from .tables import COUNTER_HISTORY, OBJECT_HISTORY
from .texts import SessionTexts
from .wait_reader import LATE_NS, WaitReader

_NOTED = ("time_ns", "object", "process", "operation", *FIGURES)
# CROSS JOIN, so that SQLite looks up the one row of each, rather than going through all rows.
_OBJECTS_AT = (
    "SELECT h.object, h.time_ns, h.depth, h.detail "
    "FROM shared_object o CROSS JOIN object_history h ON h.object = o.object AND h.time_ns = "
    "(SELECT time_ns FROM object_history WHERE object = o.object AND time_ns <= ? "
    "ORDER BY time_ns DESC LIMIT 1) ORDER BY h.object"
)
_COUNTERS_AT = (
    f"SELECT {', '.join(f'h.{column}' for column in _NOTED)} "
    "FROM counters c CROSS JOIN counter_history h ON h.object = c.object "
    "AND h.process = c.process AND h.operation = c.operation AND h.time_ns = (SELECT time_ns "
    "FROM counter_history WHERE object = c.object AND process = c.process AND operation = "
    "c.operation AND time_ns <= ? ORDER BY time_ns DESC LIMIT 1) "
    "ORDER BY h.object, h.process, h.operation"
)
_SERIES = Series(OBJECT_HISTORY, "object", ("depth", "inward", "outward"))


class HistoryReader:
    """The part of SessionReader for what was before. All methods raise SessionError."""

    def __init__(
        self, file: SessionFile, texts: SessionTexts, objects: ObjectReader, waits: WaitReader
    ) -> None:
        self._file = file
        self._texts = texts
        self._objects = objects
        self._waits = waits

    @property
    def knows_moments(self) -> bool:
        """Whether the session remembers what was before. Of one that does not, the totals that are
        told of a moment are those of the end."""
        return self._file.version >= 3

    def states_at(self, time_ns: int) -> list[ObjectState]:
        """The state of each object that had one at a moment, in order of their number, with the
        waits that went on then. What was waited for had one, noted or not. Without a history: the
        last totals of each that there was; what was in it and who held it is not known."""
        if not self.knows_moments:
            made = self._made_until(time_ns)
            return [
                state if state.time_ns <= time_ns
                else replace(state, depth=None, holders=(), waiters=())
                for state in self._objects.states()
                if state.object in made
            ]  # fmt: skip
        states = self.states_noted(time_ns)
        before = self.states_noted(time_ns - LATE_NS)
        spans = self._waits.spans(time_ns)
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
            [span._replace(key=(span.key[0], 0, span.key[2])) for span in spans],
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
        then. Without a history: the last totals, on objects that there were."""
        if not self.knows_moments:
            made = self._made_until(time_ns)
            return [row for row in self._objects.counters() if row[0] in made]
        totals = as_of(
            time_ns,
            [
                {
                    (number, process, count.operation): (noted_ns, count)
                    for noted_ns, number, process, count in self.counters_noted(at_ns)
                }
                for at_ns in (time_ns, time_ns - LATE_NS)
            ],
            self._waits.spans(time_ns),
        )
        return [(number, process, count) for (number, process, _), count in totals.items()]

    def _made_until(self, time_ns: int) -> set[int]:
        """The objects that there were at a moment."""
        return {made.object for made in self._objects.all() if made.time_ns <= time_ns}

    def states_noted(self, time_ns: int) -> list[ObjectState]:
        """The state of each object that had one at a moment, in order of their number; as of a
        second before at most, unless nothing changed. Waits that were not over are not in it."""
        kind = OBJECT_HISTORY.kind("object", "time_ns", "depth", "detail")
        rows = self._file.rows(kind, _OBJECTS_AT, (time_ns,), since=3)
        with self._file.checking():
            found = {row[0]: _state(*row) for row in rows}
        for state in self._objects.states_noted() if self.knows_moments else ():
            before = found.get(state.object)
            # The last one of all is in the history only once the session or its object rests.
            if state.time_ns <= time_ns and (before is None or before.time_ns < state.time_ns):
                found[state.object] = state
        return [found[number] for number in sorted(found)]

    def series(
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
        if not self.knows_moments:
            return []
        return _SERIES.read(self._file, object, start_ns, end_ns, points)

    def counters_noted(self, time_ns: int) -> list[tuple[int, int, int, OperationCount]]:
        """(when noted, object, process, totals of one operation) at a moment; as of two seconds
        before at most, unless nothing changed. Waits that were not over are not in it."""
        rows: list[Any] = self._file.rows(
            COUNTER_HISTORY.kind(*_NOTED), _COUNTERS_AT, (time_ns,), since=3
        )
        counters = decoded_counters(self._file, self._texts, [row[1:] for row in rows])
        return [(row[0], *counter) for row, counter in zip(rows, counters, strict=True)]


class _Detail(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What `object_history.detail` holds."""

    counts: tuple[tuple[str, int, int, int, int, int, int], ...]
    holders: tuple[tuple[int, str], ...]
    waiters: tuple[tuple[int, str], ...]
    open_in: tuple[int, ...] | None = None
    peer: int | None = None


def _state(number: int, time_ns: int, depth: int | None, detail: str) -> ObjectState:
    known = decoded(detail, _Detail)
    counts = tuple(OperationCount(*one) for one in known.counts)
    return ObjectState(
        number,
        time_ns,
        counts,
        depth,
        known.holders,
        known.waiters,
        known.open_in,
        known.peer,
    )
