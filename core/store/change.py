"""What a change of the process table tells those who show its rows."""

from __future__ import annotations

import enum

import msgspec


class ChangeKind(enum.Enum):
    """What happened to a row."""

    STARTED = "started"
    CHANGED = "changed"
    SAMPLED = "sampled"
    STOPPING = "stopping"
    ENDED = "ended"
    DOING = "doing"


class Change(msgspec.Struct, frozen=True, gc=False):
    """One change of the table. `fields` are names of the attributes of ProcessRow that differ
    (all of them when it started). `adopted`: processes that it became the parent of."""

    kind: ChangeKind
    process: int
    fields: frozenset[str]
    adopted: tuple[int, ...] = ()
