"""What a session knows of a process and of a worker."""

from __future__ import annotations

import msgspec

from ..vocabulary.events import ProcessChanged, ProcessExited, ProcessStarted

OperationRow = tuple[int, int, int, int, int, int, int, int, int, int, int | None, str | None, int]
"""An operation on its way into the file: object, process, operation, thread, outcome, site, text,
start_ns, end_ns, waited_ns, bytes, preview, argument; as in `Operation`, but with ids for all texts
except the preview."""


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
