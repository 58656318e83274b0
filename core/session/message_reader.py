"""Reading messages: a page of them, or whole blocks with what is known of them unread."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from ..vocabulary.message import Message
from .message_block import LineRuns, LineTally, MessageBlock, stream_and_flags, unpacked_tally
from .row_types import Number
from .session_error import SessionError
from .session_file import SessionFile

_AT_OR_AFTER = (
    "first_id >= coalesce((SELECT max(first_id) FROM message_block WHERE first_id <= ?), 0)"
)
_HEAD = (
    "SELECT b.first_id, b.lines, length(b.body), {tally}, {bits} "
    "FROM message_block b {join} WHERE {where}"
)
_TALLY = "b.tally, CASE WHEN b.tally IS NULL THEN b.runs END"
_JOIN = "LEFT JOIN message_signature s ON s.first_id = b.first_id"
_HeadRow = tuple[Number, Number, Number, bytes | None, bytes | None, bytes | None]


class BlockHead(msgspec.Struct, frozen=True, gc=False):
    """What a block holds, without its text. `tally`: empty if it was not asked for; `bits`: its
    signature, if it has one and that was asked for."""

    first_id: int
    lines: int
    size: int  # bytes of the body
    tally: LineTally
    bits: bytes | None

    @property
    def last_id(self) -> int:
        """The id of its last message."""
        return self.first_id + self.lines - 1


class MessageReader:
    """The part of SessionReader for messages. All methods raise SessionError."""

    def __init__(self, file: SessionFile) -> None:
        self._file = file

    def last_id(self) -> int:
        """The id of the last message; 0 if there is none yet."""
        rows = self._file.rows(
            tuple[Number],
            "SELECT first_id + lines FROM message_block ORDER BY first_id DESC LIMIT 1",
        )
        return rows[0][0] - 1 if rows else 0

    def page(self, first_id: int, count: int) -> list[Message]:
        """At most `count` messages from the one with `first_id` on (ids are dense from 1)."""
        found: list[Message] = []
        first_id = max(first_id, 1)
        while len(found) < count:
            wanted = first_id + len(found)
            block = self.block(wanted)
            if block is None:
                break
            start = wanted - block.first_id
            stop = min(block.lines, start + count - len(found))
            with self._file.checking():
                found += block.messages(range(start, stop))
        return found

    def open_lines(self) -> list[Message]:
        """The lines that were being written at the last flush (id 0), by process and stream."""
        rows = self._file.rows(
            tuple[Number, Number, Number, Number, bytes],
            "SELECT process, stream, time_ns, flags, raw FROM open_line",
        )
        with self._file.checking():
            return [
                Message(0, time_ns, process, stream_and_flags(stream)[0], flags, raw)
                for process, stream, time_ns, flags, raw in rows
            ]

    def missing(self, message_id: int) -> SessionError:
        """The fault of a file in which there is no such message, though there must be."""
        return self._file.missing(f"message {message_id}")

    def block(self, message_id: int) -> MessageBlock | None:
        """The block that holds a message; None if there is no such message."""
        rows = self._file.rows(
            tuple[Number, Number, bytes, bytes],
            "SELECT first_id, lines, runs, body FROM message_block "
            "WHERE first_id <= ? ORDER BY first_id DESC LIMIT 1",
            (message_id,),
        )
        if not rows or message_id >= rows[0][0] + rows[0][1]:
            return None
        with self._file.checking():
            return MessageBlock(*rows[0])

    def heads(
        self, message_id: int, limit: int, *, bits: bool, tally: bool = True
    ) -> list[BlockHead]:
        """The heads of at most `limit` blocks: the one that holds this message, and those after
        it; with their signatures and their tallies if asked for."""
        where = f"b.{_AT_OR_AFTER} ORDER BY b.first_id LIMIT ?"
        found = self._heads(where, message_id, limit, bits, tally)
        heads = [head for head in found if head.last_id >= message_id]
        if heads and heads[0].first_id > max(message_id, 1):
            raise self.missing(message_id)
        return heads

    def heads_before(
        self, message_id: int, limit: int, *, bits: bool, tally: bool = True
    ) -> list[BlockHead]:
        """As `heads`, towards the beginning: the block with this message, then those before."""
        where = "b.first_id <= ? ORDER BY b.first_id DESC LIMIT ?"
        return self._heads(where, message_id, limit, bits, tally)

    def _heads(
        self, where: str, message_id: int, limit: int, bits: bool, tally: bool
    ) -> list[BlockHead]:
        statement = _HEAD.format(
            bits="s.bits" if bits else "NULL",
            join=_JOIN if bits else "",
            tally=_TALLY if tally else "NULL, NULL",
            where=where,
        )
        rows = self._file.rows(_HeadRow, statement, (message_id, limit))
        with self._file.checking():
            heads = [_block_head(*row) for row in rows]
            for one, other in pairwise(heads):
                first, second = sorted((one, other), key=lambda head: head.first_id)
                if second.first_id != first.last_id + 1:
                    raise ValueError(f"message {first.last_id + 1} is missing")
            return heads


def _block_head(
    first_id: int, lines: int, size: int, packed: bytes | None, runs: bytes | None,
    signature: bytes | None,
) -> BlockHead:  # fmt: skip
    if not 0 < lines <= size + 1:
        raise ValueError("lines that don't fit the block")
    tally: LineTally = ()
    if packed is not None:
        tally = unpacked_tally(packed)
    elif runs is not None:
        tally = LineRuns.of_block(runs, lines).tally()
    return BlockHead(first_id, lines, size, tally, signature)
