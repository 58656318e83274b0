"""Asking a session what details of its operations it has: of all objects, or of some.

operation, text --one statement-> rows of each thread --.
counters         ---------------> exact totals ---------+--> Details
an object's rows, only where some are missing ----------'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...session.reader import SessionReader
from ...vocabulary.kinds import ThreadKey
from ...vocabulary.operation import Operation
from .details import ERROR, HARMLESS, OK, Counted, Details, Noted, ObjectOperation, noted_in
from .order import operations_in_order


def session_details(reader: SessionReader, operations: Iterable[str], last_id: int) -> Details:
    """What is known of `operations` (their names), of all objects and up to an id. Reads all rows
    once; raises SessionError."""
    noted: dict[ObjectOperation, dict[ThreadKey, Noted]] = {}
    for number, operation, process, thread, *figures in reader.operations.by_thread(
        operations, last_id, OK, ERROR, HARMLESS
    ):
        noted.setdefault((number, operation), {})[process, thread] = Noted(*figures)

    def operations_of(number: int) -> Iterator[Operation]:
        for batch in operations_in_order(reader, number, last_id):
            for _, one in batch:
                yield one

    return Details(noted, _counted(reader), operations_of)


def object_details(
    reader: SessionReader, numbers: Iterable[int], rows: list[Operation], whole: bool
) -> Details:
    """What is known of some objects by these rows, in order of their ends; `whole`: these are all
    there are."""
    wanted = set(numbers)
    counted = {key: totals for key, totals in _counted(reader).items() if key[0] in wanted}
    return Details(
        noted_in(rows),
        counted,
        lambda number: (one for one in rows if one.object == number),
        whole,
    )


def _counted(reader: SessionReader) -> dict[ObjectOperation, dict[int, Counted]]:
    found: dict[ObjectOperation, dict[int, Counted]] = {}
    for number, process, total in reader.objects.counted():
        processes = found.setdefault((number, total.operation), {})
        processes[process] = Counted(total.count, total.errors)
    return found
