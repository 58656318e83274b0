"""Reading operations: all of them, or those on one object, page by page.

    on one object --operation_of_object--> ids, packed --> rows that pass the filters
                  --the few behind it, by looking through them ---^

Sessions of version 2 have an index of SQLite instead, those of version 1 no operations.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from ..vocabulary.operation import Operation
from .row_types import Int, Number
from .schema import INDEXED, OFFSETS
from .table_reader import TableReader

_SELECT = (
    "SELECT id, process, object, operation, thread, start_ns, end_ns, waited_ns, bytes, preview, "
    "outcome, site, text, argument FROM operation WHERE "
)
_PACKED = (
    "SELECT first_id, offsets FROM operation_of_object WHERE object = ? AND first_id BETWEEN ? "
    "AND ? AND longest_ns >= ? ORDER BY first_id {} LIMIT ?"
)
# LIKE is quick and heeds no case, of ASCII only.
_HAS_TEXT = (
    " AND CASE WHEN preview IS NULL THEN 0 WHEN length(preview) = length(CAST(preview AS BLOB)) "
    "THEN preview LIKE ? ESCAPE '!' ELSE has_text(preview, ?) END"
)
_BEHIND = f"(SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE key = '{INDEXED}')"
_SITES = (
    "SELECT site, operation, sum(count), sum(waited_ns) FROM ({}SELECT site, operation, "
    "1 AS count, waited_ns FROM operation WHERE object = ? AND id > {}) GROUP BY site, operation "
    "ORDER BY 3 DESC, site, operation"
)
_TOTALS = "SELECT site, operation, count, waited_ns FROM operation_site WHERE object = ? UNION ALL "
_COUNT = (
    "SELECT (SELECT coalesce(sum(count), 0) FROM operation_of_object WHERE object = ?) "
    f"+ (SELECT count(*) FROM operation WHERE object = ? AND id > {_BEHIND})"
)
OperationRow = tuple[
    Number, Number, Number, Number, Number, Int, Int, Int, Int | None, str | None, Number, Number,
    Number, Int,
]  # fmt: skip
_ARRAYS = 16  # read at once
_IDS = 2048  # looked at in one statement
_LAST = 2**63 - 1


class OperationReader(TableReader):
    """The part of SessionReader for operations."""

    def operations(
        self,
        object: int | None = None,  # noqa: A002 - what it is called everywhere
        after_id: int = 0,
        limit: int = 1000,
        newest: bool = False,
        *,
        before_id: int | None = None,
        processes: Collection[int] | None = None,
        waited_over_ns: int = 0,
        text: str = "",
    ) -> list[tuple[int, Operation]]:
        """At most `limit` operations with ids above `after_id` and below `before_id`, in order of
        their ids: the first ones, or the `newest`. Of one object, or of all; of some `processes`,
        with more than `waited_over_ns` of waiting, with `text` in the preview, in any case."""
        where, values = self._filter(processes, waited_over_ns, text)
        last = _LAST if before_id is None else before_id - 1
        first = after_id + 1
        order = "DESC" if newest else "ASC"
        end = f"{where} ORDER BY id {order} LIMIT ?"
        if object is None:
            rows = self._read(f"id BETWEEN ? AND ?{end}", (first, last, *values, limit))
            if not values and not newest:
                self._check_dense(rows, first)
        elif self.version < 3:
            rows = self._read(
                f"object = ? AND id BETWEEN ? AND ?{end}", (object, first, last, *values, limit)
            )
        else:
            rows = self._on_object(
                object, first, last, limit, newest, waited_over_ns, (end, values)
            )
        if newest:
            rows.reverse()
        return self._decoded_operations(rows)

    def operations_by_site(self, object: int) -> list[tuple[str, str, int, int]]:  # noqa: A002
        """(site, operation, how many, how long they waited in all, ns) of the operations on an
        object that have a row; the most frequent first."""
        kind = tuple[Number, Number, Int, Int]
        if self.version < 3:
            rows = self.rows(kind, _SITES.format("", "0"), (object,), since=2)
        else:
            rows = self.rows(kind, _SITES.format(_TOTALS, _BEHIND), (object, object))
        if rows:
            self._read_texts()
        with self._checking():
            return [(self._texts[row[0]], self._texts[row[1]], row[2], row[3]) for row in rows]

    def operation_count(self, object: int) -> int:  # noqa: A002
        """How many operations on an object have a row."""
        if self.version < 3:
            statement = "SELECT count(*) FROM operation WHERE object = ?"
            rows = self.rows(tuple[Number], statement, (object,), since=2)
        else:
            rows = self.rows(tuple[Number], _COUNT, (object, object))
        return rows[0][0] if rows else 0

    def last_operation_id(self, process: int | None = None) -> int:
        """The id of the last operation; of a process: known once it has ended, 0 before."""
        statement, which = "SELECT coalesce(max(id), 0) FROM operation", list[int]()
        if process is not None:
            statement, which = "SELECT id FROM last_operation WHERE process = ?", [process]
        rows = self.rows(tuple[Number], statement, tuple(which), since=2)
        return rows[0][0] if rows else 0

    def _read(self, where: str, values: tuple[Any, ...]) -> list[OperationRow]:
        return self.rows(OperationRow, _SELECT + where, values, since=2)

    def _check_dense(self, rows: list[OperationRow], first: int) -> None:
        """Ids have no gaps: what is missing would be missing from an export without a word."""
        with self._checking():
            if [row[0] for row in rows] != list(range(first, first + len(rows))):
                raise ValueError(f"an operation from {first} on is missing")

    def _filter(
        self, processes: Collection[int] | None, waited_over_ns: int, text: str
    ) -> tuple[str, list[Any]]:
        """What further operations have to fulfil, and its values."""
        where, values = "", list[Any]()
        if processes is not None:
            where += " AND process IN (SELECT value FROM json_each(?))"
            values.append(_json(sorted(processes)))
        if waited_over_ns > 0:
            where += " AND waited_ns > ?"
            values.append(waited_over_ns)
        if text:
            self._file.define_function("has_text", _has_text)
            where += _HAS_TEXT
            folded = text.casefold()
            pattern = re.sub(r"[!%_]", r"!\g<0>", folded)
            values += [f"%{pattern}%", folded]
        return where, values

    def _on_object(
        self,
        number: int,
        first: int,
        last: int,
        limit: int,
        newest: bool,
        waited_over_ns: int,
        rest: tuple[str, list[Any]],
    ) -> list[OperationRow]:
        end, values = rest
        packed = self.rows(tuple[Number], f"SELECT {_BEHIND}")[0][0]

        def behind(most: int) -> list[OperationRow]:
            begin = max(first, packed + 1)
            if most <= 0 or begin > last:
                return []
            which = (begin, last, number, *values, most)
            return self._read(f"id BETWEEN ? AND ? AND object = ?{end}", which)

        rows = behind(limit) if newest else []
        # Without filters each id counts.
        step = _IDS if values else max(1, min(_IDS, limit - len(rows)))
        for ids in self._ids(number, first, min(last, packed), newest, waited_over_ns, step):
            if len(rows) >= limit:
                break
            where = f"id IN (SELECT value FROM json_each(?)){end}"
            rows += self._read(where, (_json(ids), *values, limit - len(rows)))
        return rows if newest else rows + behind(limit - len(rows))

    def _ids(
        self, number: int, first: int, last: int, newest: bool, waited_over_ns: int, step: int
    ) -> Iterator[list[int]]:
        """The packed ids of an object from `first` to `last`, a few at a time, in either order; not
        those among which none waited for long."""
        waited = waited_over_ns + 1 if waited_over_ns > 0 else 0
        order = "DESC" if newest else "ASC"
        begin, stop = first - _MOST_IDS, last  # the array that `first` is in may begin before it
        while begin <= stop:
            which = (number, begin, stop, waited, _ARRAYS)
            arrays = self.rows(tuple[Number, bytes], _PACKED.format(order), which)
            for base, blob in arrays:
                with self._checking():
                    offsets = array(OFFSETS, blob)
                low, high = bisect_left(offsets, first - base), bisect_right(offsets, last - base)
                ids = [base + offset for offset in offsets[low:high]]
                if newest:
                    ids.reverse()
                for at in range(0, len(ids), step):
                    yield ids[at : at + step]
            if len(arrays) < _ARRAYS:
                return
            if newest:
                stop = arrays[-1][0] - 1
            else:
                begin = arrays[-1][0] + 1

    def _decoded_operations(self, rows: list[OperationRow]) -> list[tuple[int, Operation]]:
        if rows:
            self._read_texts()
        texts = self._texts
        with self._checking():
            return [
                (
                    row[0],
                    Operation(
                        process=row[1],
                        object=row[2],
                        operation=texts[row[3]],
                        thread=texts[row[4]],
                        start_ns=row[5],
                        end_ns=row[6],
                        waited_ns=row[7],
                        bytes=row[8],
                        preview=row[9],
                        outcome=texts[row[10]],
                        site=texts[row[11]],
                        text=texts[row[12]],
                        argument=row[13],
                    ),
                )
                for row in rows
            ]


_MOST_IDS = 1 << 8 * array(OFFSETS).itemsize  # that one array can span


def _has_text(preview: str, text: str) -> bool:
    return text in preview.casefold()


def _json(numbers: list[int]) -> str:
    return msgspec.json.encode(numbers).decode()
