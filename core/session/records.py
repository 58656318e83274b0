"""What a session knows of a process and of a worker."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from ..vocabulary.events import ProcessChanged, ProcessExited, ProcessStarted
from ..vocabulary.operation import Operation

OperationRow = tuple[Any, ...]
"""An operation on its way into the file, see OPERATION_ROW; with ids for all texts but the preview.
Tens of thousands a second are made, so it is no more than a tuple."""


class OperationHead(NamedTuple):
    """What many operations have in common: the first part of an OperationRow."""

    object: int
    process: int
    operation: int
    thread: int
    outcome: int
    site: int
    text: int


OPERATION_ROW = (
    *OperationHead._fields,
    *(
        field
        for field in Operation.__struct_fields__
        if field not in OperationHead._fields and field != "via"
    ),
)
"""What stands where in an OperationRow."""


class ProcessRecord(msgspec.Struct, frozen=True):
    """A process: how it started, its last change, and its end (None while it lives)."""

    started: ProcessStarted
    changed: ProcessChanged | None
    exited: ProcessExited | None


class WorkerRecord(msgspec.Struct, frozen=True):
    """A worker, its root process, and the spec it was launched from, as text."""

    worker: int
    process: int
    title: str
    spec: str
    time_ns: int


class LostOperations(msgspec.Struct, frozen=True, gc=False):
    """Operations of a process that have no row: `count` in all, of which `only_counted` were never
    written down in detail, and `overwritten` were before they had been read."""

    process: int
    time_ns: int
    count: int
    only_counted: int
    overwritten: int
