"""Reading what a timeline is made of from a session file, many rows at a time.

Each call is one statement of its own, so no read transaction stays open. Python makes an object
of each number that SQLite hands over, so small numbers come three in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from ...session.message_block import LineRuns
from ...session.opening import open_session
from ...session.row_types import Int, Number, Shared, decoded
from ...vocabulary.events import ObjectCreated, Stream
from .growing import Array
from .kinds import NUMBER_BITS, NUMBER_MASK

_MASK, _TWICE = NUMBER_MASK, 2 * NUMBER_BITS
_OPERATIONS = (
    f"SELECT id, start_ns, end_ns - start_ns, waited_ns, "
    # In SQL all these operators bind alike.
    f"(process << {_TWICE}) | ((operation & {_MASK}) << {NUMBER_BITS}) | (thread & {_MASK}), "
    f"(min(object, {_MASK}) << {NUMBER_BITS}) | (text & {_MASK}) "
    "FROM operation WHERE id > ? ORDER BY id LIMIT ?"
)
_WIDTH = 6
_OperationRow = tuple[Number, Int, Int, Int, Number, Number]
_BlockRow = tuple[Number, Number, bytes]
_BLOCKS = (
    "SELECT first_id, lines, runs FROM message_block WHERE first_id >= "
    "coalesce((SELECT max(first_id) FROM message_block WHERE first_id <= ?), 0) "
    "ORDER BY first_id LIMIT ?"
)


@dataclass(frozen=True)
class OperationChunk:
    """Some operations in order of their ids: columns of one length, int64. Texts and objects are
    numbers."""

    ids: Array
    start: Array
    end: Array
    waited: Array
    process: Array
    operation: Array
    thread: Array
    object: Array
    text: Array


@dataclass(frozen=True)
class MessageChunk:
    """Some messages: those of a row share a process, a stream and a time, and begin with `first`.
    `last_id`: of the last message looked at."""

    first: Array
    process: Array
    is_error: Array  # bool
    time: Array
    last_id: int


class SessionRows:
    """A session file, read in bulk. All methods raise SessionError where it is damaged."""

    def __init__(self, path: str) -> None:
        """Open the file, without changing it. Raises SessionError."""
        self._file = open_session(path)
        self._open = True
        self._has_operations = self._file.version >= 2

    def close(self) -> None:
        """Close the file; harmless when closed already."""
        if self._open:
            self._open = False
            self._file.close()

    def data_version(self) -> int:
        """Another number than before whenever somebody has written into the file."""
        return int(self._file.rows(tuple[Number], "PRAGMA data_version")[0][0])

    def last_operation(self) -> int:
        """The id of the last operation, 0 without any."""
        if not self._has_operations:
            return 0
        statement = "SELECT coalesce(max(id), 0) FROM operation"
        return int(self._file.rows(tuple[Number], statement)[0][0])

    def operations(self, after: int, limit: int) -> OperationChunk | None:
        """The first `limit` operations behind this id; None when there are none."""
        if not self._has_operations:
            return None
        rows: list[Any] = self._file.rows(_OperationRow, _OPERATIONS, (after, limit))
        if not rows:
            return None
        with self._file.checking():
            flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * _WIDTH)
        ids, start, took, waited, who, what = flat.reshape(-1, _WIDTH).T
        return OperationChunk(
            ids=ids,
            start=start,
            end=start + took,
            waited=waited,
            process=who >> _TWICE,
            operation=who >> NUMBER_BITS & _MASK,
            thread=who & _MASK,
            object=what >> NUMBER_BITS,
            text=what & _MASK,
        )

    def texts(self, after: int) -> list[tuple[int, str]]:
        """The texts with numbers above `after`."""
        if not self._has_operations:
            return []
        statement = "SELECT id, text FROM text WHERE id > ? ORDER BY id"
        return self._file.rows(tuple[Number, Shared], statement, (after,))

    def objects(self, after: int) -> list[ObjectCreated]:
        """The shared objects with numbers above `after`."""
        if not self._has_operations:
            return []
        statement = "SELECT created FROM shared_object WHERE object > ? ORDER BY object"
        rows = self._file.rows(tuple[str], statement, (after,))
        with self._file.checking():
            return [decoded(row[0], ObjectCreated) for row in rows]

    def messages(self, after: int, blocks: int) -> MessageChunk | None:
        """The messages behind this id, out of at most so many blocks; None when there are none."""
        parts = []
        last_id = after
        rows = self._file.rows(_BlockRow, _BLOCKS, (after + 1, blocks))
        with self._file.checking():
            for first_id, lines, packed in rows:
                if first_id + lines - 1 <= after:
                    continue
                runs = LineRuns.of_block(packed, lines)
                lengths = np.array(runs.lines, np.int64)
                first = first_id + np.concatenate(([0], np.cumsum(lengths)[:-1]))
                kinds = np.array(runs.kind, np.int64) & 0xFF
                part = np.array(
                    [first, runs.process, kinds == Stream.STDERR, runs.time, first + lengths - 1]
                )
                parts.append(part[:, part[4] > after])
                last_id = first_id + lines - 1
        if not parts:
            return None
        first, process, is_error, time, _ = np.concatenate(parts, axis=1)
        return MessageChunk(
            np.maximum(first, after + 1), process, is_error.astype(bool), time, last_id
        )
