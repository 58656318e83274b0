"""Writing operations: rows in memory until the next flush, and what finds them again.

    rows --many in one statement--> operation
     |--which object, every 8,192--> operation_of_object: their ids, an array for each object
     '--counted by place-----------> operation_site

An index that SQLite keeps by itself touches a page for each object at each flush, which costs as
much as the rows. So their ids are packed now and then, for many at once; whoever reads looks
through the few behind them.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from operator import attrgetter, itemgetter
from typing import Any

from ..vocabulary.operation import Operation
from .records import OPERATION_ROW, OperationRow
from .schema import INDEXED, OFFSETS
from .tables import (
    LAST_OPERATION,
    META,
    OPERATION,
    OPERATION_OF_OBJECT,
    OPERATION_SITE,
    SHARED_TEXT,
)

INDEX_EVERY = 8192  # operations
_MOST_OFFSETS = 1 << 16  # in one array: what its type can hold
_AT_ONCE = 50  # rows in one statement: a third less time than one by one

_OPERATION = OPERATION.insert(*OPERATION_ROW)
_OPERATIONS = OPERATION.insert(*OPERATION_ROW, rows=_AT_ONCE)
_TEXT = SHARED_TEXT.insert()
_LAST = LAST_OPERATION.insert(replace=True)
_INDEX = OPERATION_OF_OBJECT.insert()
_SITE = (
    f"{OPERATION_SITE.insert()} ON CONFLICT DO UPDATE SET "
    "count = count + excluded.count, waited_ns = waited_ns + excluded.waited_ns"
)
_INDEXED = META.insert(replace=True)
_AT_OBJECT, _AT_WAITED = OPERATION_ROW.index("object"), OPERATION_ROW.index("waited_ns")
_OBJECT, _PROCESS = itemgetter(_AT_OBJECT), itemgetter(OPERATION_ROW.index("process"))
_SITE_OF = itemgetter(*map(OPERATION_ROW.index, ("object", "site", "operation")))
_FIELDS = attrgetter(*OPERATION_ROW)
_TEXTS = [at for at, field in enumerate(OPERATION_ROW) if OPERATION.columns[field].is_text]


class _Texts(dict[str, int]):
    """The ids of texts; a new text gets one, and a place in `new`."""

    def __init__(self, new: list[tuple[int, str]]) -> None:
        super().__init__({"": 0})
        self._new = new

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        self._new.append((number, text))
        return number


class OperationWriter:
    """What is pending for the tables of operations and texts. For the session's writer."""

    def __init__(self) -> None:
        self._rows: list[OperationRow] = []
        self._ended: list[tuple[int, int]] = []
        self._new_texts: list[tuple[int, str]] = []
        self._texts = _Texts(self._new_texts)
        self._last_id = 0  # ids are dense from 1, in the order in which rows are noted
        self._last_of: dict[int, int] = {}  # process: its last operation
        self._indexed = 0  # the last operation whose object is packed, in the file
        self._objects: list[int] = []  # of the operations behind it
        self._sites: Counter[tuple[int, ...]] = Counter()  # of these too
        self._site_waits: Counter[tuple[int, ...]] = Counter()
        self._longest: dict[int, int] = {}  # object: the longest wait of these
        self._indexing = False  # in the transaction that runs
        self.dirty = False

    @property
    def pending(self) -> int:
        """How many operations wait for a flush."""
        return len(self._rows)

    def text_id(self, text: str) -> int:
        """What stands for a text in rows."""
        return self._texts[text]

    def rows(self, rows: Sequence[OperationRow]) -> None:
        """Note operations, in about the order of their ends."""
        if not rows:
            return
        self._last_of.update(zip(map(_PROCESS, rows), count(self._last_id + 1), strict=False))
        self._last_id += len(rows)
        self._rows += rows
        self._objects += map(_OBJECT, rows)
        self._sites.update(map(_SITE_OF, rows))
        waits, longest = self._site_waits, self._longest
        for row in rows:
            waited: int = row[_AT_WAITED]
            if waited:
                waits[_SITE_OF(row)] += waited
                if waited > longest.get(row[_AT_OBJECT], 0):
                    longest[row[_AT_OBJECT]] = waited
        self.dirty = True

    def operations(self, operations: Iterable[Operation]) -> None:
        """The same, of operations with their texts."""
        rows = list(map(_FIELDS, operations))
        if rows:
            columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
            for at in _TEXTS:
                columns[at] = map(self._texts.__getitem__, columns[at])
            self.rows(list(zip(*columns, strict=True)))

    def ended(self, process: int) -> None:
        """Nothing of this process will come any more."""
        last = self._last_of.pop(process, None)
        if last is not None:
            self._ended.append((process, last))
            self.dirty = True

    def write(self, connection: sqlite3.Connection) -> None:
        """Write all that is pending; what belongs to a transaction is for the caller."""
        connection.executemany(_TEXT, self._new_texts)
        rows, flat = self._rows, chain.from_iterable
        whole = len(rows) - len(rows) % _AT_ONCE
        for start in range(0, whole, _AT_ONCE):
            connection.execute(_OPERATIONS, tuple(flat(rows[start : start + _AT_ONCE])))
        connection.executemany(_OPERATION, rows[whole:])
        connection.executemany(_LAST, self._ended)
        self._indexing = len(self._objects) >= INDEX_EVERY
        if self._indexing:
            connection.executemany(_INDEX, self._packed())
            waits = self._site_waits
            connection.executemany(
                _SITE, [(*key, number, waits[key]) for key, number in self._sites.items() if key[0]]
            )
            connection.execute(_INDEXED, (INDEXED, str(self._last_id)))

    def clear(self) -> None:
        """What was pending is in the file."""
        for pending in (self._rows, self._ended, self._new_texts):
            pending.clear()
        if self._indexing:
            self._indexing = False
            self._indexed = self._last_id
            self._objects.clear()
            self._sites.clear()
            self._site_waits.clear()
            self._longest.clear()
        self.dirty = False

    def _packed(self) -> Iterator[tuple[int, int, int, int, bytes]]:
        """For each object of those behind the last packed one: where its ids begin, how many they
        are, no shorter a wait than any of them had, and by how much each id is above the
        beginning."""
        for start in range(0, len(self._objects), _MOST_OFFSETS):
            offsets: dict[int, array[int]] = defaultdict(lambda: array(OFFSETS))
            for offset, number in enumerate(self._objects[start : start + _MOST_OFFSETS]):
                offsets[number].append(offset)
            offsets.pop(0, None)  # on no object
            first_id = self._indexed + 1 + start
            for number, packed in sorted(offsets.items()):
                longest = self._longest.get(number, 0)
                yield number, first_id, len(packed), longest, packed.tobytes()
