"""Single operations that a finding needs more of than their count: read from the session's file,
only where counters show that there are some, and not without end: each takes a few milliseconds."""

from __future__ import annotations

from collections.abc import Collection

from ...store.object_row import ObjectRow
from ...vocabulary.operation import Operation
from .view import View

FAILED = "error"
_MOST_READ = 200
_MOST_PAGES = 200  # in one look: a file may tell of failures of any number of objects


def count_of(row: ObjectRow, operation: str) -> tuple[int, int]:
    """How often an operation on an object succeeded, and how often it failed."""
    for each in row.counts:
        if each.operation == operation:
            return each.count, each.errors
    return 0, 0


def only_record(view: View, row: ObjectRow, operation: str) -> Operation | None:
    """The record of an operation that the maker of an object did once, early on; None where it did
    so several times, or there is none. Raises SessionError."""
    reader = view.store.reader
    if reader is None or view.pages_read >= _MOST_PAGES or count_of(row, operation)[0] != 1:
        return None
    view.pages_read += 1
    page = reader.operations.page(row.number, limit=_MOST_READ, processes=(row.creator,))
    return next((each for _, each in page if each.operation == operation), None)


def last_records(
    view: View,
    number: int,
    operation: str,
    processes: Collection[int] | None = None,
    text: str = "",
    outcome: str = "",
) -> list[Operation]:
    """The latest of an object's records of this operation, the oldest first: of some `processes`,
    with `text` in the preview. None where there is no file, or this look has read enough of it.
    Raises SessionError."""
    reader = view.store.reader
    if reader is None or view.pages_read >= _MOST_PAGES:
        return []
    view.pages_read += 1
    page = reader.operations.page(
        number, limit=_MOST_READ, newest=True, processes=processes, text=text
    )
    return [
        each
        for _, each in page
        if each.operation == operation and outcome in ("", each.outcome)
    ]  # fmt: skip
