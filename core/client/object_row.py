"""One shared object as it stands: an immutable row, replaced as a whole by each change."""

from __future__ import annotations

import msgspec

from ..vocabulary.events import ObjectCreated, ObjectState, OperationCount

# Which operations bring something in (or take a lock), and which take it out (or give it back).
INWARD = frozenset(("put", "send", "acquire", "submit", "set", "call"))
OUTWARD = frozenset(("get", "recv", "release", "task", "clear"))

# Types of which a person says the type along with the name: "lock results", but just "jobs".
_NAMED_WITH_TYPE = frozenset(
    ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "Barrier")
)


class ObjectRow(msgspec.Struct, frozen=True, gc=False):
    """What is known of a shared object. `inward` and `outward`: operations a second over the last
    two seconds (puts and gets of a queue, acquires and releases of a lock), None where there never
    was one or nobody can tell, as in a past session."""

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

    @classmethod
    def from_event(cls, event: ObjectCreated) -> ObjectRow:
        """The row of an object that has just been made."""
        return cls(
            number=event.object,
            type=event.type,
            name=event.name,
            site=event.site,
            creator=event.process,
            created_ns=event.time_ns,
            capacity=event.capacity,
        )

    def with_state(self, state: ObjectState) -> ObjectRow:
        """The same object, later."""
        return msgspec.structs.replace(
            self,
            counts=state.counts,
            depth=state.depth,
            holders=state.holders,
            waiters=state.waiters,
            state_ns=state.time_ns,
        )

    @property
    def label(self) -> str:
        """The name to show; one that stands for it where it has none: "Queue 3"."""
        return self.name or f"{self.type} {self.number}"

    @property
    def phrase(self) -> str:
        """What to call it within a sentence: "jobs", "lock results"."""
        if self.type in _NAMED_WITH_TYPE and self.name:
            kind = self.type if self.type == "RLock" else self.type.lower()
            return f"{kind} {self.name}"
        return self.label

    @property
    def waited_ns(self) -> int:
        """How long all its operations together had to wait."""
        return sum(count.waited_ns for count in self.counts)

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
