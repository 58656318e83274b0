"""A session as tables: objects, operations and samples as CSV (RFC 4180, UTF-8).

    rows of the session, page by page --> csv.writer --> out

Every text is made plain, but for the ends of its lines. One that a spreadsheet would take for a
formula gets an apostrophe before it, as a person would type it there; plain numbers stay as they
are. Texts stand in quotes, so that none falls apart where a spreadsheet takes semicolons for
commas.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from operator import attrgetter
from typing import BinaryIO

from ..plain_text import plain
from ..session.reader import SessionReader
from ..vocabulary.events import FIGURES, ObjectCreated, ObjectState, Sample
from ..vocabulary.operation import Operation

TABLES = ("objects", "operations", "samples")
_PAGE = 500
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", re.ASCII)
_WITHIN_A_CELL = "\t\r\n"
_BEFORE_A_FORMULA = tuple(_WITHIN_A_CELL)
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # some take the wide ones for the same

_OBJECTS = (
    "object", "type", "name", "site", "creator", "time_ns", "capacity", "depth", "holders",
    "waiters", *FIGURES, "counts",
)  # fmt: skip
_BEGIN = ("id", "process", "pid", "thread", "operation", "object", "type", "name")
_REST = tuple(field for field in Operation.__struct_fields__ if field not in _BEGIN)
_OPERATIONS = (*_BEGIN, *_REST)
_rest = attrgetter(*_REST)
_USED = tuple(field for field in Sample.__struct_fields__ if field not in ("process", "pid"))
_SAMPLES = ("process", "pid", "name", *_USED)
_used = attrgetter(*_USED)

Row = Iterable[object]


class CsvExport:
    """Writes tables of one session. For the thread of its reader."""

    def __init__(self, reader: SessionReader) -> None:
        self._reader = reader

    def steps(self, table: str, out: BinaryIO) -> Iterator[float]:
        """Write one of TABLES, in small steps; yields how far it is, from 0 to 1. Raises
        SessionError, and OSErrors of `out`."""
        columns, pages = {
            "objects": (_OBJECTS, self._objects),
            "operations": (_OPERATIONS, self._operations),
            "samples": (_SAMPLES, self._samples),
        }[table]
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(columns)
        writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
        for done, rows in pages():
            writer.writerows(map(_cells, rows))
            out.write(text.getvalue().encode("utf-8", "backslashreplace"))
            text.seek(0)
            text.truncate()
            yield done
        out.write(text.getvalue().encode())
        out.flush()

    def _objects(self) -> Iterator[tuple[float, list[Row]]]:
        states = {state.object: state for state in self._reader.objects.states()}
        yield (
            1.0,
            [_object_row(made, states.get(made.object)) for made in self._reader.objects.all()],
        )

    def _operations(self) -> Iterator[tuple[float, list[Row]]]:
        reader = self._reader
        objects = {made.object: (made.type, made.name) for made in reader.objects.all()}
        pids = {record.started.process: record.started.pid for record in reader.processes.all()}
        last_id, read_id = reader.operations.last_id(), 0
        while read_id < last_id:
            page = reader.operations.page(None, read_id, _PAGE)
            if not page:
                raise reader.missing(f"operation {read_id + 1}")
            rows: list[Row] = []
            for number, one in page:
                kind, name = objects.get(one.object, (None, None))
                begin = (number, one.process, pids.get(one.process), one.thread, one.operation)
                rows.append((*begin, one.object or None, kind, name, *_rest(one)))
            read_id = page[-1][0]
            yield min(1.0, read_id / last_id), rows

    def _samples(self) -> Iterator[tuple[float, list[Row]]]:
        reader = self._reader
        names: dict[int, str | None] = {}
        for record in reader.processes.all():
            last = record.changed or record.started
            names[record.started.process] = last.name
        last_row, read_row = reader.samples.last_row(), 0
        while read_row < last_row:
            page = reader.samples.after(read_row, _PAGE)
            if not page:
                break
            rows: list[Row] = [
                (one.process, one.pid, names.get(one.process), *_used(one)) for _, one in page
            ]
            read_row = page[-1][0]
            yield min(1.0, read_row / last_row), rows


def export_csv(
    reader: SessionReader,
    out: Callable[[str], AbstractContextManager[BinaryIO]],
    progress: Callable[[float], bool] = lambda done: True,
    tables: tuple[str, ...] = TABLES,
) -> bool:
    """Write tables, each into what `out` opens for its name, and closes. `progress` is told how
    far all of it is, from 0 to 1; when it returns False the export stops, and this returns
    False."""
    export = CsvExport(reader)
    for index, table in enumerate(tables):
        with out(table) as file:
            for done in export.steps(table, file):
                if not progress((index + done) / len(tables)):
                    return False
    return progress(1.0)


def literal(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula."""
    if text.startswith(_BEFORE_A_FORMULA) or text.lstrip().startswith(_FORMULA):
        return text if _NUMBER.fullmatch(text) else f"'{text}"
    return text


def _cells(row: Row) -> list[object]:
    """A row as it is written; every column may hold a text of anybody."""
    return [_shown(cell) if type(cell) is str else cell for cell in row]


@lru_cache(4096)
def _shown(text: str) -> str:
    return literal(plain(text, keep=_WITHIN_A_CELL))


def _object_row(made: ObjectCreated, state: ObjectState | None) -> Row:
    counts = state.counts if state else ()
    return (
        made.object,
        made.type,
        made.name,
        made.site,
        made.process,
        made.time_ns,
        made.capacity,
        state.depth if state else None,
        _threads(state.holders if state else ()),
        _threads(state.waiters if state else ()),
        *(sum(map(attrgetter(figure), counts)) for figure in FIGURES),
        "; ".join(f"{one.operation} {one.count}" for one in counts),
    )


def _threads(threads: tuple[tuple[int, str], ...]) -> str:
    return "; ".join(f"{process} {thread}" for process, thread in threads)
