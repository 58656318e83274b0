"""Asking a session what details of its operations it has: of all objects, or of some.

operation, text --one GROUP BY--> rows of each thread --.
counters         ---------------> exact totals ---------+--> Details
an object's rows, only where some are missing ----------'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...session.reader import SessionReader
from ...session.row_types import Int, Number, Shared
from ...vocabulary.kinds import ThreadKey
from ...vocabulary.operation import Operation
from .details import ERROR, HARMLESS, OK, Counted, Details, Noted, ObjectOperation, noted_in
from .order import operations_in_order

_NOTED = """
SELECT object, operation, process, thread, sum(outcome = {ok}),
    min(CASE WHEN outcome = {ok} THEN argument END),
    max(CASE WHEN outcome = {ok} THEN argument END),
    sum(outcome = {error} AND coalesce(preview, '') IN ({harmless}))
FROM operation WHERE operation IN ({codes}) AND id <= ?
GROUP BY object, operation, process, thread
"""

_NotedRow = tuple[Number, Number, Number, Number, Int, Int | None, Int | None, Int]


def session_details(reader: SessionReader, operations: Iterable[str], last_id: int) -> Details:
    """What is known of `operations` (their names), of all objects and up to an id. Reads all rows
    once, in SQL; raises SessionError."""
    rows = reader.rows
    texts = dict(rows(tuple[Number, Shared], "SELECT id, text FROM text", since=2))
    codes = {text: number for number, text in texts.items()}
    wanted = [codes[name] for name in operations if name in codes]
    statement = _NOTED.format(
        codes=", ".join(map(str, wanted)),
        ok=codes.get(OK, -1),
        error=codes.get(ERROR, -1),
        harmless=", ".join(f"'{name}'" for name in HARMLESS),
    )
    noted: dict[ObjectOperation, dict[ThreadKey, Noted]] = {}
    for number, code, process, thread, count, lowest, highest, harmless in rows(
        _NotedRow, statement, (last_id,), since=2
    ):
        threads = noted.setdefault((number, texts[code]), {})
        threads[process, texts.get(thread, "")] = Noted(count, lowest or 0, highest or 0, harmless)

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
    for number, process, total in reader.counted():
        processes = found.setdefault((number, total.operation), {})
        processes[process] = Counted(total.count, total.errors)
    return found
