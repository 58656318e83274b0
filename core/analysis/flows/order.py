"""Operations of a session in order of their ends.

pages of the file (about in order) --sorted--> what can be overtaken no more --> batches
                                      '-- the last two seconds wait for the next page
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from ...session.reader import SessionReader
from ...vocabulary.operation import Operation

NumberedOperation = tuple[int, Operation]
"""An operation and its id."""

_PAGE = 10_000  # operations read at a time
_LATE_NS = 2 * 10**9  # by which an operation may stand too late in the session


def by_end(numbered: NumberedOperation) -> int:
    """What operations are sorted by: the time at which they ended."""
    return numbered[1].end_ns


def operations_in_order(
    reader: SessionReader,
    object: int | None = None,  # noqa: A002 - what it is called everywhere
    last_id: int | None = None,
) -> Iterator[list[NumberedOperation]]:
    """All operations (of one object) up to `last_id`, in batches; each in order of ends, and none
    ends before one of an earlier batch, unless it stands more than two seconds too late in the
    file. Holds a page and two seconds of operations in memory. Raises SessionError."""
    if last_id is None:
        last_id = reader.operations.last_id()
    waiting: list[NumberedOperation] = []
    read_id = 0
    while read_id < last_id:
        page = reader.operations.page(object, read_id, _PAGE)
        if not page:
            if object is None:
                raise reader.missing(f"operation {read_id + 1}")
            break
        read_id = page[-1][0]
        if read_id > last_id:
            page = [numbered for numbered in page if numbered[0] <= last_id]
        if not page:
            break
        page.sort(key=by_end)
        # Only what the page reaches back to has to be sorted again.
        position = bisect_right(waiting, by_end(page[0]), key=by_end)
        late = waiting[position:]
        del waiting[position:]
        waiting += sorted(late + page, key=by_end) if late else page
        until_ns = by_end(waiting[-1]) - _LATE_NS
        count = bisect_right(waiting, until_ns, key=by_end)
        if count:
            yield waiting[:count]
            del waiting[:count]
    if waiting:
        yield waiting
