"""One shared object as it stands: an immutable row, replaced as a whole by each change."""

from __future__ import annotations

import msgspec

from ..printable import LONGEST_SENTENCE, printable
from ..vocabulary.events import ObjectCreated, ObjectState, OperationCount
from ..vocabulary.kinds import INWARD, OUTWARD, UNTOLD, Form, kind_of, method_of, operation_kind

_ARRIVED, _TAKEN = frozenset(("arrived",)), frozenset(("taken",))


class ObjectRow(msgspec.Struct, frozen=True, gc=False):
    """What is known of a shared object.

    `inward` and `outward`: operations a second over the last two seconds (puts and gets of a queue,
    acquires and releases of a lock), None where there never was one or nobody can tell, as in a
    past session. `put_wait_ns` and `get_wait_ns`: how long all threads together have waited to
    bring something in (or to take a lock), and to get something out, with what they wait just now.
    `lost_ns`: how much of both fell into the last ten seconds; once the run is over, all of it.
    `counts`: of calls that are over, and of those that the end of a process cut off. `identity`:
    what recorders know it by; `open_in`, `peer`: see ObjectState.
    """

    number: int
    type: str
    name: str
    site: str
    creator: int
    created_ns: int
    capacity: int | None
    counts: tuple[OperationCount, ...] = ()
    depth: int | None = None
    holders: tuple[tuple[int, str], ...] = ()
    waiters: tuple[tuple[int, str], ...] = ()
    state_ns: int = 0
    inward: float | None = None
    outward: float | None = None
    put_wait_ns: int = 0
    get_wait_ns: int = 0
    lost_ns: int = 0
    identity: str = ""
    via: str = ""
    open_in: tuple[int, ...] | None = None
    peer: int | None = None

    @classmethod
    def from_event(cls, event: ObjectCreated) -> ObjectRow:
        """The row of an object that has just been made."""
        return cls(
            number=event.object,
            type=printable(event.type),
            name=printable(event.name),
            site=printable(event.site, LONGEST_SENTENCE),
            creator=event.process,
            created_ns=event.time_ns,
            capacity=event.capacity,
            identity=event.identity,
            via=printable(event.via, LONGEST_SENTENCE),
        )

    def with_state(self, state: ObjectState) -> ObjectRow:
        """The same object, later."""
        return msgspec.structs.replace(
            self,
            counts=state.counts,
            depth=state.depth,
            holders=state.holders,
            waiters=state.waiters,
            open_in=state.open_in,
            peer=state.peer,
            state_ns=state.time_ns,
        )

    @property
    def label(self) -> str:
        """The name to show; one that stands for it where it has none: "Queue 3"."""
        return self.name or f"{self.type} {self.number}"

    @property
    def phrase(self) -> str:
        """What to call it within a sentence: "jobs", "lock results"."""
        if kind_of(self.type).named and self.name:
            kind = self.type if self.type == "RLock" else self.type.lower()
            return f"{kind} {self.name}"
        return self.label

    @property
    def waited_ns(self) -> int:
        """How long the operations in `counts` had to wait."""
        return sum(count.waited_ns for count in self.counts)

    @property
    def calls(self) -> int:
        """How many calls the program made on it, in vain or not."""
        return sum(calls_of(count) for count in self.counts)

    @property
    def untaken(self) -> int:
        """Of a pool: how many results of `imap` had come in and were not taken by the program when
        one came in last."""
        if not kind_of(self.type).is_pool:
            return 0
        return max(0, (self.total(_ARRIVED) or 0) - (self.total(_TAKEN) or 0))

    @property
    def is_not_all_seen(self) -> bool:
        """Whether it is a queue that others than those who are watched may use: nobody knows how
        many items are in it."""
        return self.depth is None and self.state_ns > 0 and kind_of(self.type).form is Form.QUEUE

    @property
    def fullness(self) -> float | None:
        """Which share of its capacity is taken, 0 to 1; None without a limit."""
        if self.depth is None or not self.capacity:
            return None
        return min(1.0, max(0.0, self.depth / self.capacity))

    def total(self, operations: frozenset[str]) -> int | None:
        """How many of these operations succeeded; None when there never was one of them."""
        counts = [count.count for count in self.counts if count.operation in operations]
        return sum(counts) if counts else None


class ObjectTotals(msgspec.Struct, frozen=True, gc=False):
    """All operations on an object put together: what succeeded inward and outward (None: there
    never was one), and how long they waited to put and to get (ns)."""

    inward: int | None
    outward: int | None
    put_wait_ns: int
    get_wait_ns: int

    @classmethod
    def of(cls, row: ObjectRow) -> ObjectTotals:
        """Those of a row."""
        inward = outward = None
        put = get = 0
        for count in row.counts:
            operation = count.operation
            if operation in INWARD:
                inward = (inward or 0) + count.count
            elif operation in OUTWARD:
                outward = (outward or 0) + count.count
            if is_put_side(operation, row.type):
                put += count.waited_ns
            else:
                get += count.waited_ns
        return cls(inward, outward, put, get)


def is_put_side(operation: str, type_name: str) -> bool:
    """Whether who waits in it waits to bring something in, or for a lock; else it waits for
    something to come out. Who joins a queue waits for those who get from it to be done."""
    return operation_kind(operation).puts and (operation != "join" or kind_of(type_name).used)


def calls_of(count: OperationCount) -> int:
    """How many calls of the program it stands for, those in vain and those that failed too. What a
    queue's feeder thread does is part of a put, and has no record of its own; calls of one method
    are among those of all."""
    if count.operation in UNTOLD or method_of(count.operation):
        return 0
    return count.count + count.timeouts + count.errors
