"""Reading very many rows at a time, of which little is asked: what pictures of a whole session are
made of.

Python makes an object of each number that SQLite hands over, so small numbers come three in one.
"""

from __future__ import annotations

from .message_block import LineRuns
from .row_types import Int, Number
from .session_file import SessionFile

NUMBER_BITS = 21  # of the numbers of objects and texts: what is beyond counts as the last one
NUMBER_MASK = (1 << NUMBER_BITS) - 1
_TWICE = 2 * NUMBER_BITS
# In SQL all these operators bind alike.
_OPERATIONS = (
    "SELECT id, start_ns, end_ns - start_ns, waited_ns, "
    f"(process << {_TWICE}) | ((operation & {NUMBER_MASK}) << {NUMBER_BITS}) | "
    f"(thread & {NUMBER_MASK}), "
    f"(min(object, {NUMBER_MASK}) << {NUMBER_BITS}) | (text & {NUMBER_MASK}) "
    "FROM operation WHERE id > ? ORDER BY id LIMIT ?"
)
_BLOCKS = (
    "SELECT first_id, lines, runs FROM message_block WHERE first_id >= "
    "coalesce((SELECT max(first_id) FROM message_block WHERE first_id <= ?), 0) "
    "ORDER BY first_id LIMIT ?"
)

PackedOperation = tuple[int, int, int, int, int, int]
"""id, start_ns, how long it took, waited_ns; process, operation and thread; object and text. Each
of the last two is one number: all but the first of its parts take NUMBER_BITS bits."""
PACKED_WIDTH = 6


class BulkReader:
    """The part of SessionReader for that. All methods raise SessionError."""

    def __init__(self, file: SessionFile) -> None:
        self._file = file

    def operations(self, after: int, limit: int) -> list[PackedOperation]:
        """The first `limit` operations behind this id."""
        kind = tuple[Number, Int, Int, Int, Number, Number]
        return self._file.rows(kind, _OPERATIONS, (after, limit), since=2)

    def runs(self, after: int, blocks: int) -> list[tuple[int, int, LineRuns]]:
        """(first id, lines, their runs) of at most so many blocks: the one with the message behind
        this id, and those after it."""
        rows = self._file.rows(tuple[Number, Number, bytes], _BLOCKS, (after + 1, blocks))
        with self._file.checking():
            return [
                (first_id, lines, LineRuns.of_block(packed, lines))
                for first_id, lines, packed in rows
                if first_id + lines - 1 > after
            ]
