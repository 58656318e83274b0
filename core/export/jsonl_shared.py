"""What was done to shared objects, as JSON Lines show it, and in which order it is read.

operations (by the thousand, about in order) --> heap of the next two seconds --> the earliest
"""

from __future__ import annotations

from heapq import heappop, heappush
from operator import attrgetter
from typing import get_type_hints

import msgspec

from ..session.reader import SessionReader
from ..session.records import LostOperations
from ..vocabulary.events import FIGURES, ObjectCreated, OperationCount, figures
from ..vocabulary.operation import Operation

_PAGE = 1000  # operations read at a time
_WINDOW_NS = 2 * 10**9  # by which an operation may stand too late in the session


class ObjectEvent(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="object_created"):
    """A shared object was made. `process`: its creator."""

    time_ns: int
    object: int
    process: int
    pid: int | None
    type: str
    name: str
    site: str
    capacity: int | None
    via: str


_TYPES = get_type_hints(Operation)
_REST = [field for field in Operation.__struct_fields__ if field not in ("process", "object")]
_rest = attrgetter(*_REST)
OperationEvent = msgspec.defstruct(
    "OperationEvent",
    [
        ("time_ns", int), ("process", int), ("pid", int | None), ("object", int | None),
        *((field, _TYPES[field]) for field in _REST),
    ],
    frozen=True, gc=False, tag_field="kind", tag="operation",
)  # fmt: skip
"""One call on a shared object, as an Operation tells of it; `time_ns` is its end."""


class CountersEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="counters"):
    """What a process did to one object in all, by operation; before the process's exit."""

    time_ns: int
    process: int
    pid: int | None
    object: int
    type: str
    name: str
    operations: dict[str, dict[str, int]]


class LostEvent(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="operations_lost"):
    """Operations of a process that have no line."""

    time_ns: int
    process: int
    pid: int | None
    count: int
    only_counted: int
    overwritten: int


def object_event(created: ObjectCreated, pid: int | None) -> ObjectEvent:
    """An object."""
    return ObjectEvent(
        time_ns=created.time_ns,
        object=created.object,
        process=created.process,
        pid=pid,
        type=created.type,
        name=created.name,
        site=created.site,
        capacity=created.capacity,
        via=created.via,
    )


def operation_event(one: Operation, pid: int | None) -> msgspec.Struct:
    """An operation."""
    return OperationEvent(one.end_ns, one.process, pid, one.object or None, *_rest(one))


def counters_events(
    rows: list[tuple[int, int, OperationCount]],
    objects: dict[int, ObjectCreated],
    time_ns: int,
    process: int,
    pid: int | None,
) -> list[CountersEvent]:
    """The totals of one process, an event for each object."""
    found: dict[int, dict[str, dict[str, int]]] = {}
    for number, _, total in rows:
        totals = dict(zip(FIGURES, figures(total), strict=True))
        found.setdefault(number, {})[total.operation] = totals
    events = []
    for number, operations in found.items():
        made = objects.get(number)
        kind, name = (made.type, made.name) if made else ("", "")
        events.append(CountersEvent(time_ns, process, pid, number, kind, name, operations))
    return events


def lost_event(lost: LostOperations, pid: int | None) -> LostEvent:
    """Operations without a line."""
    return LostEvent(
        lost.time_ns, lost.process, pid, lost.count, lost.only_counted, lost.overwritten
    )


class OperationCursor:
    """Goes through the operations of a session in order of their ends, as far as they are near to
    that order in the file. `read_id`: the last one that was read ahead; `limit_id`: it never goes
    beyond this one; the caller raises it while a session is live."""

    def __init__(self, reader: SessionReader) -> None:
        self._reader = reader
        self._heap: list[tuple[int, int, Operation]] = []
        self._latest_ns = 0
        self._held: dict[int, int] = {}  # process: how many of its operations are read ahead
        self.read_id = 0
        self.limit_id = 0

    @property
    def time_ns(self) -> int | None:
        """When the next operation ended; None when there is none."""
        while not self._heap or self._latest_ns - self._heap[0][0] < _WINDOW_NS:
            if not self._read():
                break
        return self._heap[0][0] if self._heap else None

    def take(self) -> Operation:
        """The next operation; only after `time_ns` told of one."""
        operation = heappop(self._heap)[2]
        left = self._held[operation.process] - 1
        if left:
            self._held[operation.process] = left
        else:
            del self._held[operation.process]
        return operation

    def has(self, process: int, last_id: int) -> bool:
        """Whether operations of a process are still to come; its last one is `last_id`."""
        self.limit_id = max(self.limit_id, last_id)
        while self.read_id < last_id and self._read():
            pass
        return process in self._held

    def _read(self) -> bool:
        if self.read_id >= self.limit_id:
            return False
        page = self._reader.operations.page(None, self.read_id, _PAGE)
        for number, operation in page:
            heappush(self._heap, (operation.end_ns, number, operation))
            self._latest_ns = max(self._latest_ns, operation.end_ns)
            self._held[operation.process] = self._held.get(operation.process, 0) + 1
        if not page:
            raise self._reader.missing(f"operation {self.read_id + 1}")
        self.read_id = page[-1][0]
        return True
