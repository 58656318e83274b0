"""Reading operations: all of them, or those on one object, page by page.

    on one object --operation_of_object--> ids, packed --> rows that pass the filters
                  --the few behind it, by looking through them ---^

Sessions of version 2 have an index of SQLite instead, those of version 1 no operations.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from ..vocabulary.operation import Operation, placed
from .cut_waits import CutWaits
from .open_waits import SiteRows, sites_with
from .records import LostOperations
from .row_types import Int, Number
from .schema import INDEXED, OFFSETS
from .session_file import SessionFile
from .tables import LOST, OPERATION
from .texts import SessionTexts

_FIELDS = Operation.__struct_fields__[:-1]  # `via` is a part of the place
_TEXTS = [at for at, field in enumerate(_FIELDS, 1) if OPERATION.columns[field].is_text]
_SITE = _FIELDS.index("site") + 1
_SELECT = f"{OPERATION.select('id', *_FIELDS)} WHERE "
_ROW = OPERATION.kind("id", *_FIELDS)
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
_BY_THREAD = """
SELECT object, operation, process, thread, sum(outcome = ?),
    min(CASE WHEN outcome = ? THEN argument END), max(CASE WHEN outcome = ? THEN argument END),
    sum(outcome = ? AND coalesce(preview, '') IN (SELECT value FROM json_each(?)))
FROM operation WHERE operation IN (SELECT value FROM json_each(?)) AND id <= ?
GROUP BY object, operation, process, thread
"""
_ByThreadRow = tuple[Number, Number, Number, Number, Int, Int | None, Int | None, Int]
_COUNT = (
    "SELECT (SELECT coalesce(sum(count), 0) FROM operation_of_object WHERE object = ?) "
    f"+ (SELECT count(*) FROM operation WHERE object = ? AND id > {_BEHIND})"
)
StoredOperation = tuple[Any, ...]
"""The id of an operation and its fields in the order of `Operation`, with numbers for texts."""
_LOST = LostOperations.__struct_fields__
_ARRAYS = 16  # read at once
_IDS = 2048  # looked at in one statement
_RECENT = 40  # operations among which an acquire is looked for
_LAST = 2**63 - 1


class OperationReader:
    """The part of SessionReader for operations. All methods raise SessionError."""

    def __init__(self, file: SessionFile, texts: SessionTexts, cut: CutWaits) -> None:
        self._file = file
        self._texts = texts
        self._cut = cut

    def page(
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
        elif self._file.version < 3:
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

    def by_site(self, object: int) -> SiteRows:  # noqa: A002
        """(site, operation, how many, how long they waited in all, ns) of the operations on an
        object that have a row, the most frequent first; with the waits that the ends of processes
        cut off."""
        kind = tuple[Number, Number, Int, Int]
        if self._file.version < 3:
            rows = self._file.rows(kind, _SITES.format("", "0"), (object,), since=2)
        else:
            rows = self._file.rows(kind, _SITES.format(_TOTALS, _BEHIND), (object, object))
        texts = self._texts.read() if rows else []
        with self._file.checking():
            sites: dict[tuple[str, str], tuple[int, int]] = {}
            for place, operation, count, waited_ns in rows:
                key = placed(texts[place])[0], texts[operation]
                before = sites.get(key, (0, 0))
                sites[key] = before[0] + count, before[1] + waited_ns
        told = [(*key, *totals) for key, totals in sites.items()]
        return sites_with(told, [wait for wait in self._cut.read() if wait.object == object])

    def by_thread(
        self,
        operations: Iterable[str],
        last_id: int,
        ok: str,
        error: str,
        harmless: Collection[str],
    ) -> list[tuple[int, str, int, str, int, int, int, int]]:
        """(object, operation, process, thread, how many had the outcome `ok`, the lowest and the
        highest argument of these, 0 without any, how many had the outcome `error` and one of the
        previews `harmless`) of the rows of these `operations` up to an id. Reads all rows once."""
        texts = self._texts.read()
        codes = {text: number for number, text in enumerate(texts)}
        wanted = _json(sorted({codes[name] for name in operations if name in codes}))
        previews = msgspec.json.encode(list(harmless)).decode()
        well = codes.get(ok, -1)
        which = (well, well, well, codes.get(error, -1), previews, wanted, last_id)
        rows = self._file.rows(_ByThreadRow, _BY_THREAD, which, since=2)
        with self._file.checking():
            return [
                (number, texts[code], process, texts[thread], count, low or 0, high or 0, harmless)
                for number, code, process, thread, count, low, high, harmless in rows
            ]

    def count(self, object: int) -> int:  # noqa: A002
        """How many operations on an object have a row."""
        if self._file.version < 3:
            statement = "SELECT count(*) FROM operation WHERE object = ?"
            rows = self._file.rows(tuple[Number], statement, (object,), since=2)
        else:
            rows = self._file.rows(tuple[Number], _COUNT, (object, object))
        return rows[0][0] if rows else 0

    def last_id(self, process: int | None = None) -> int:
        """The id of the last operation; of a process: known once it has ended, 0 before."""
        statement, which = "SELECT coalesce(max(id), 0) FROM operation", list[int]()
        if process is not None:
            statement, which = "SELECT id FROM last_operation WHERE process = ?", [process]
        rows = self._file.rows(tuple[Number], statement, tuple(which), since=2)
        return rows[0][0] if rows else 0

    def lost(self, process: int | None = None) -> list[LostOperations]:
        """How many operations of each process (or of one) have no row."""
        where, which = ("", ()) if process is None else ("WHERE process = ? ", (process,))
        statement = f"{LOST.select(*_LOST)} {where}ORDER BY time_ns"
        rows = self._file.rows(LOST.kind(*_LOST), statement, which, since=2)
        return [LostOperations(*row) for row in rows]

    def held_since(self, number: int, process: int, until_ns: int) -> int | None:
        """When a process took an object that it holds at `until_ns`, Unix time in ns; None when
        that was only counted, or is too long ago to be found quickly."""
        since = None
        rows = self.page(number, limit=_RECENT, newest=True, processes=(process,))
        for _, each in reversed(rows):
            if each.end_ns > until_ns:
                continue
            if each.operation == "release":
                break
            if each.operation == "acquire" and each.outcome == "ok":
                since = each.end_ns
        return since

    def _read(self, where: str, values: tuple[Any, ...]) -> list[StoredOperation]:
        return self._file.rows(_ROW, _SELECT + where, values, since=2)

    def _check_dense(self, rows: list[StoredOperation], first: int) -> None:
        """Ids have no gaps: what is missing would be missing from an export without a word."""
        with self._file.checking():
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
    ) -> list[StoredOperation]:
        end, values = rest
        packed = self._file.rows(tuple[Number], f"SELECT {_BEHIND}")[0][0]

        def behind(most: int) -> list[StoredOperation]:
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
            arrays = self._file.rows(tuple[Number, bytes], _PACKED.format(order), which)
            for base, blob in arrays:
                with self._file.checking():
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

    def _decoded_operations(self, rows: list[StoredOperation]) -> list[tuple[int, Operation]]:
        if not rows:
            return []
        texts = self._texts.read()
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        with self._file.checking():
            places = {number: placed(texts[number]) for number in set(columns[_SITE])}
        vias = [places[number][1] for number in columns[_SITE]]
        for at in _TEXTS:
            columns[at] = map(texts.__getitem__, columns[at])
        columns[_SITE] = [places[row[_SITE]][0] for row in rows]
        ids, *fields = (*columns, vias)
        with self._file.checking():
            return list(zip(ids, map(Operation, *fields), strict=True))


_MOST_IDS = 1 << 8 * array(OFFSETS).itemsize  # that one array can span


def _has_text(preview: str, text: str) -> bool:
    return text in preview.casefold()


def _json(numbers: list[int]) -> str:
    return msgspec.json.encode(numbers).decode()
