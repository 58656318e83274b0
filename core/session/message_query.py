"""The messages that pass a filter, counted in slices and paged by position.

    heads of blocks --tally, signature--> candidates --text--> segments (from id, to id, matches)

A segment stands for a range of ids, not for a block: small blocks are replaced by full ones while
a session is live, and what was counted stays true. Memory grows with the blocks, not the messages.
"""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict, deque
from collections.abc import Iterator

from ..vocabulary.message import Message
from .message_block import BLOCK_BYTES, MessageBlock
from .message_filter import BlockFilter, MessageFilter
from .message_reader import BlockHead, MessageReader

__all__ = ["MessageFilter", "MessageQuery", "find", "last_messages"]

_HEADS_WITH_BITS = 64  # about half a millisecond to read
_HEADS = 512
_REMEMBERED = 32  # segments whose matching ids are kept


class MessageQuery:
    """The rows that pass a filter. For the thread of its reader."""

    def __init__(self, reader: MessageReader, filter: MessageFilter) -> None:  # noqa: A002
        """Looks at nothing yet. Raises ValueError, with one sentence, for a bad regex."""
        self._reader = reader
        self._filter = BlockFilter(filter)
        self._next_id = 1  # all before it was looked at
        self._last_id = 0  # the session's last message when last asked
        self._heads: deque[BlockHead] = deque()
        # The segments with matches: their ids, and how many matches there are up to their end.
        self._first_ids = array("q")
        self._last_ids = array("q")
        self._ends = array("q")
        self._last_size = 0  # bytes of text in the last segment
        self._remembered: OrderedDict[int, array[int]] = OrderedDict()

    def advance(self, budget_seconds: float) -> bool:
        """Look at more blocks, also at those that came since; a bit longer than the budget at
        most (a block). True while there is more to look at now. Raises SessionError."""
        deadline = time.perf_counter() + budget_seconds
        self._last_id = self._reader.last_id()
        if self._filter.everything:
            self._next_id = self._last_id + 1
            return False
        while self._next_id <= self._last_id:
            if not self._heads and not self._read_heads():
                break
            self._look_at(self._heads[0])
            if time.perf_counter() >= deadline:
                break
        return self._next_id <= self._last_id

    def widen(self, filter: MessageFilter, last_id: int) -> None:  # noqa: A002
        """Let others pass as well, of whom there is no message up to `last_id`: what was counted
        up to there stays. Raises ValueError for a bad regex."""
        wanted = BlockFilter(filter)
        if not self._filter.everything:
            self._forget_after(last_id)
        self._filter = wanted
        self._next_id = min(self._next_id, last_id + 1)
        self._heads.clear()

    @property
    def count(self) -> int:
        """How many matches are known so far."""
        if self._filter.everything:
            return self._next_id - 1
        return self._ends[-1] if self._ends else 0

    @property
    def progress(self) -> float:
        """How much of the session was looked at, from 0 to 1."""
        return (self._next_id - 1) / self._last_id if self._last_id else 1.0

    def page(self, first: int, count: int) -> list[Message]:
        """At most `count` matches from the one at position `first` (from 0) on."""
        first = max(first, 0)
        count = min(count, self.count - first)
        if count <= 0:
            return []
        if self._filter.everything:
            return self._reader.page(first + 1, count)
        ids: list[int] = []
        segment = bisect_right(self._ends, first)
        while len(ids) < count and segment < len(self._ends):
            start = first + len(ids) - (self._ends[segment - 1] if segment else 0)
            ids += self._ids(segment)[start : start + count - len(ids)]
            segment += 1
        return list(self._messages(ids))

    def position_of(self, message_id: int) -> int:
        """The position of the first match with this id or a later one; `count` if there is
        none."""
        if self._filter.everything:
            return min(max(message_id - 1, 0), self.count)
        segment = bisect_left(self._last_ids, message_id)
        if segment == len(self._last_ids):
            return self.count
        before = self._ends[segment - 1] if segment else 0
        if message_id <= self._first_ids[segment]:
            return before
        return before + bisect_left(self._ids(segment), message_id)

    def _read_heads(self) -> bool:
        wanted = self._filter
        limit = _HEADS_WITH_BITS if wanted.needs_text else _HEADS
        self._heads.extend(
            self._reader.heads(
                self._next_id, limit, bits=wanted.needs_bits, tally=wanted.needs_tally
            )
        )
        return bool(self._heads)

    def _look_at(self, head: BlockHead) -> None:
        """Count the matches of the first of the heads."""
        block: MessageBlock | None = None
        skipped = self._next_id - head.first_id  # messages looked at while in smaller blocks
        if self._filter.may_hold(head):
            if not self._filter.needs_text and skipped <= 0:
                matches = self._filter.counted(head)
            else:
                block = self._reader.block(self._next_id)
                if block is None or (block.first_id, block.lines) != (head.first_id, head.lines):
                    self._heads.clear()  # replaced in the meantime by a larger one
                    return
                indexes = self._filter.indexes(block)
                matches = len(indexes) - bisect_left(indexes, skipped)
            if matches:
                self._add_segment(max(head.first_id, self._next_id), head, matches)
        self._heads.popleft()
        self._next_id = head.last_id + 1

    def _add_segment(self, first_id: int, head: BlockHead, matches: int) -> None:
        if self._ends and self._last_size + head.size < BLOCK_BYTES:
            self._remembered.pop(len(self._ends) - 1, None)
            self._last_ids[-1] = head.last_id
            self._ends[-1] += matches
            self._last_size += head.size
        else:
            self._first_ids.append(first_id)
            self._last_ids.append(head.last_id)
            self._ends.append(self.count + matches)
            self._last_size = head.size

    def _forget_after(self, last_id: int) -> None:
        """Take back what was counted of later messages."""
        while self._ends and self._first_ids[-1] > last_id:
            for kept in (self._first_ids, self._last_ids, self._ends):
                kept.pop()
            self._remembered.pop(len(self._ends), None)
        if self._ends and self._last_ids[-1] > last_id:
            last = len(self._ends) - 1
            matches = bisect_right(self._ids(last), last_id)
            self._remembered.pop(last, None)
            self._last_ids[-1] = last_id
            self._ends[-1] = matches + (self._ends[-2] if last else 0)

    def _ids(self, segment: int) -> array[int]:
        """The ids of the matches in a segment."""
        remembered = self._remembered
        if segment in remembered:
            remembered.move_to_end(segment)
            return remembered[segment]
        ids = array("q")
        next_id, last_id = self._first_ids[segment], self._last_ids[segment]
        while next_id <= last_id and (block := self._reader.block(next_id)) is not None:
            indexes = self._filter.indexes(block)
            start = bisect_left(indexes, next_id - block.first_id)
            stop = bisect_right(indexes, last_id - block.first_id)
            ids.extend(block.first_id + index for index in indexes[start:stop])
            next_id = block.first_id + block.lines
        remembered[segment] = ids
        if len(remembered) > _REMEMBERED:
            remembered.popitem(last=False)
        return ids

    def _messages(self, ids: list[int]) -> Iterator[Message]:
        position = 0
        while position < len(ids) and (block := self._reader.block(ids[position])) is not None:
            stop = bisect_left(ids, block.first_id + block.lines, position)
            yield from block.messages(each - block.first_id for each in ids[position:stop])
            position = stop


def find(
    reader: MessageReader,
    filter: MessageFilter,  # noqa: A002
    start_id: int,
    backwards: bool = False,
) -> Iterator[int | None]:
    """The ids of the messages that pass, from `start_id` on (itself included) to the end, or
    backwards to the beginning. Yields None at least every few milliseconds, so that the caller
    can stop or show that it is at work. Raises ValueError for a bad regex, and SessionError."""
    return _hits(reader, BlockFilter(filter), start_id, backwards)


def last_messages(
    reader: MessageReader,
    process: int,
    count: int,
    after_id: int,
    last_id: int,
    until_ns: int | None,
) -> Iterator[list[Message] | None]:
    """The last `count` messages of a process from behind `after_id` up to `last_id`, written
    until a time if there is one. Yields None every few milliseconds, so that the caller can
    pause, and the list at the end. Raises SessionError."""
    wanted = MessageFilter(processes=frozenset((process,)))
    found: deque[Message] = deque(maxlen=count)
    if after_id:  # what is new is little: forwards, so that nothing older is looked at
        ids: deque[int] = deque(maxlen=count)
        for number in find(reader, wanted, after_id + 1):
            if number is None:
                yield None
            elif number <= last_id:
                ids.append(number)
            else:
                break
        for number in ids:
            found += reader.page(number, 1)
    else:
        for number in find(reader, wanted, last_id, backwards=True):
            if number is None:
                yield None
                continue
            for message in reader.page(number, 1):
                if until_ns is None or message.time_ns <= until_ns:
                    found.appendleft(message)
            if len(found) == count:
                break
    yield list(found)


def _hits(
    reader: MessageReader, wanted: BlockFilter, start_id: int, backwards: bool
) -> Iterator[int | None]:
    cursor = min(start_id, reader.last_id()) if backwards else max(start_id, 1)
    heads_from = reader.heads_before if backwards else reader.heads
    while cursor >= 1 and (
        heads := heads_from(
            cursor, _HEADS_WITH_BITS, bits=wanted.needs_bits, tally=wanted.needs_tally
        )
    ):
        yield None
        pause = time.perf_counter() + 0.004
        for head in heads:
            block = reader.block(cursor) if wanted.may_hold(head) else None
            if block is not None:
                found = wanted.indexes(block)
                start = cursor - block.first_id
                part = (
                    reversed(found[: bisect_right(found, start)])
                    if backwards
                    else found[bisect_left(found, start) :]
                )
                yield from (block.first_id + index for index in part)
            replaced = block is not None and block.first_id != head.first_id
            first_id, last_id = head.first_id, head.last_id
            if block is not None:
                first_id, last_id = block.first_id, block.first_id + block.lines - 1
            cursor = first_id - 1 if backwards else last_id + 1
            if replaced or (block is not None and block.lines != head.lines):
                break
            if time.perf_counter() >= pause:
                yield None
                pause = time.perf_counter() + 0.004


def last_written_by(reader: MessageReader, time_ns: int) -> int:
    """The id of about the last message that was written by a time; 0 without one. They stand in
    the order in which they were read. Raises SessionError."""
    low, high = 0, reader.last_id()
    while low < high:
        middle = (low + high + 1) // 2
        found = reader.page(middle, 1)
        if found and found[0].time_ns <= time_ns:
            low = middle
        else:
            high = middle - 1
    return low
