"""All shared objects of a session, by their number.

    ObjectCreated, ObjectState  --> apply() -->  ObjectChange(object, fields)
    time that passes            --> tick()  -->  for the models that show the rows

As the process table, it forgives events that come twice or in the wrong order. How many
operations there are a second is worked out here, from the totals of successive states.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from ..vocabulary.events import Event, ObjectCreated, ObjectState
from .object_row import INWARD, OUTWARD, ObjectRow

_WINDOW = 2_000_000_000  # ns over which operations are counted
_LEAST = 500_000_000  # ns: a younger object would be said to be very busy by its first operation


class ObjectChange(msgspec.Struct, frozen=True, gc=False):
    """One change of the table. `fields` are names of the attributes of ObjectRow that differ (all
    of them when it is new)."""

    object: int
    fields: frozenset[str]


class _Mark(msgspec.Struct, frozen=True, gc=False):
    """The totals of an object at a time. They hold until the next mark."""

    time_ns: int
    inward: int
    outward: int


ALL_OBJECT_FIELDS = frozenset(ObjectRow.__struct_fields__)
_STATE_FIELDS = ("counts", "depth", "holders", "waiters", "inward", "outward")
_RATES = ("inward", "outward")


class ObjectTable:
    """The shared objects of a session. Only the window's thread calls it."""

    def __init__(self) -> None:
        self._rows: dict[int, ObjectRow] = {}
        self._early: dict[int, ObjectState] = {}  # the last state of what was not yet created
        self._marks: dict[int, deque[_Mark]] = {}
        self._warm: set[int] = set()  # objects with operations in the window

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[ObjectRow]:
        """The rows in the order in which they became known."""
        return iter(self._rows.values())

    def __contains__(self, number: object) -> bool:
        return number in self._rows

    def __getitem__(self, number: int) -> ObjectRow:
        return self._rows[number]

    def get(self, number: int) -> ObjectRow | None:
        """The row of an object, None when it is unknown."""
        return self._rows.get(number)

    def phrase(self, number: int) -> str:
        """What to call an object within a sentence, also before it is known."""
        row = self._rows.get(number)
        return f"object {number}" if row is None else row.phrase

    def apply(self, event: Event) -> ObjectChange | None:
        """Take in one event; says what changed, None when nothing did."""
        if isinstance(event, ObjectState):
            return self._apply_state(event)
        if isinstance(event, ObjectCreated):
            return self._apply_created(event)
        return None

    def load(
        self, created: Iterable[ObjectCreated], states: Iterable[ObjectState]
    ) -> list[ObjectChange]:
        """Take in the objects of a past session and the last state of each. Nothing moves there
        any more, so there are no rates."""
        changes = []
        events: list[Event] = [*created, *states]
        for event in events:
            change = self.apply(event)
            if change is not None:
                changes.append(change)
        self._marks.clear()
        self._warm.clear()
        for number, row in self._rows.items():
            self._rows[number] = replace(row, inward=None, outward=None)
        return changes

    def tick(self, now_ns: int) -> list[ObjectChange]:
        """Time has passed until `now_ns` (Unix time): what is not used any more has lower rates."""
        changes = []
        for number in list(self._warm):
            row = self._rows[number]
            new = self._with_rates(row, max(now_ns, row.state_ns))
            fields = _difference(row, new, _RATES)
            if fields:
                self._rows[number] = new
                changes.append(ObjectChange(number, fields))
        return changes

    def come_to_rest(self) -> list[ObjectChange]:
        """The session is over: nothing goes in or out any more."""
        last = max((row.state_ns for row in self._rows.values()), default=0)
        return self.tick(last + 2 * _WINDOW)

    # -- one kind of event each ---------------------------------------------------------------

    def _apply_created(self, event: ObjectCreated) -> ObjectChange | None:
        number = event.object
        if number in self._rows:
            return None
        self._rows[number] = ObjectRow.from_event(event)
        self._marks[number] = deque((_Mark(event.time_ns, 0, 0),))
        early = self._early.pop(number, None)
        if early is not None:
            self._apply_state(early)
        return ObjectChange(number, ALL_OBJECT_FIELDS)

    def _apply_state(self, event: ObjectState) -> ObjectChange | None:
        row = self._rows.get(event.object)
        if row is None:
            early = self._early.get(event.object)
            if early is None or early.time_ns <= event.time_ns:
                self._early[event.object] = event
            return None
        if event.time_ns < row.state_ns:
            return None
        new = row.with_state(event)
        mark = _Mark(event.time_ns, new.total(INWARD) or 0, new.total(OUTWARD) or 0)
        self._marks.setdefault(row.number, deque()).append(mark)
        new = self._with_rates(new, event.time_ns)
        self._rows[row.number] = new
        fields = _difference(row, new, _STATE_FIELDS)
        return ObjectChange(row.number, fields) if fields else None

    def _with_rates(self, row: ObjectRow, now_ns: int) -> ObjectRow:
        """The row with what went in and out within the window that ends at `now_ns`."""
        marks = self._marks.get(row.number)
        if not marks:
            return row
        since = now_ns - _WINDOW
        while len(marks) > 1 and marks[1].time_ns <= since:
            marks.popleft()
        first, last = marks[0], marks[-1]
        seconds = max(_LEAST, now_ns - max(first.time_ns, since)) / 1e9
        inward = max(0, last.inward - first.inward) / seconds
        outward = max(0, last.outward - first.outward) / seconds
        (self._warm.add if inward or outward else self._warm.discard)(row.number)
        return replace(
            row,
            inward=None if row.total(INWARD) is None else inward,
            outward=None if row.total(OUTWARD) is None else outward,
        )


def _difference(old: ObjectRow, new: ObjectRow, names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if getattr(old, name) != getattr(new, name))
