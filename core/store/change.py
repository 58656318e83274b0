"""What a store tells those who subscribed to it."""

from __future__ import annotations

import enum

import msgspec

from ..vocabulary.events import Event


class ChangeKind(enum.Enum):
    """What happened to a row."""

    STARTED = "started"
    CHANGED = "changed"
    SAMPLED = "sampled"
    STOPPING = "stopping"
    ENDED = "ended"
    DOING = "doing"


class Change(msgspec.Struct, frozen=True, gc=False):
    """One change of the table of processes. `fields` are names of the attributes of ProcessRow that
    differ (all of them when it started). `adopted`: processes that it became the parent of."""

    kind: ChangeKind
    process: int
    fields: frozenset[str]
    adopted: tuple[int, ...] = ()


class ObjectChange(msgspec.Struct, frozen=True, gc=False):
    """One change of the table of objects. `fields` are names of the attributes of ObjectRow that
    differ (all of them when it is new)."""

    object: int
    fields: frozenset[str]


class StoreChange(msgspec.Struct, gc=False):
    """What differs in a store. `findings`: the numbers of those that are new, or differ. `events`:
    what it came from, none when time has passed. `messages`:
    there are more in the file; `last_before`: the last one before, so what is new now wrote none up
    to it. `opened`: the file is known; `scoped`: something else is shown of it; `ended`: nothing
    moves any more."""

    processes: tuple[Change, ...] = ()
    objects: tuple[ObjectChange, ...] = ()
    findings: tuple[int, ...] = ()
    events: tuple[Event, ...] = ()
    messages: bool = False
    last_before: int = 0
    opened: bool = False
    scoped: bool = False
    ended: bool = False

    @property
    def people(self) -> bool:
        """Whether processes started or ended, do something else, or have other names."""
        return self.opened or any(each.kind in _PEOPLE for each in self.processes)


_PEOPLE = frozenset((ChangeKind.STARTED, ChangeKind.CHANGED, ChangeKind.ENDED, ChangeKind.DOING))
