"""Going through the messages of a session from the first to the last, run by run."""

from __future__ import annotations

from ..vocabulary.events import Stream
from .message_block import MessageBlock, stream_and_flags
from .message_reader import MessageReader


class MessageCursor:
    """Stands before a message. Holds one block in memory.

    `next_id`: the message it stands before. `limit_id`: it never goes beyond this one; the caller
    raises it while a session is live. Raises SessionError.
    """

    def __init__(self, reader: MessageReader) -> None:
        self._reader = reader
        self.next_id = 1
        self.limit_id = 0
        self._block: MessageBlock | None = None
        self._run = 0
        self._run_end = 0  # index in the block behind the run's last line

    @property
    def time_ns(self) -> int | None:
        """The time of the next message; None when there is none within the limit."""
        block = self._at()
        return None if block is None else block.runs.time[self._run]

    def take(self, until_ns: int, last_id: int) -> tuple[int, int, Stream, int, list[bytes]] | None:
        """The rest of the run, but nothing behind `last_id`: (time, process, stream, flags, raw
        lines), and step behind it. None when the next message is later than `until_ns`."""
        block = self._at()
        if block is None or block.runs.time[self._run] > until_ns:
            return None
        start = self.next_id - block.first_id
        stop = min(self._run_end, min(self.limit_id, last_id) + 1 - block.first_id)
        runs = block.runs
        run = self._run
        self.next_id = block.first_id + stop
        if stop == self._run_end and stop < block.lines:
            self._run += 1
            self._run_end += runs.lines[self._run]
        stream, flags = stream_and_flags(runs.kind[run])
        return runs.time[run], runs.process[run], stream, flags, block.texts()[start:stop]

    def _at(self) -> MessageBlock | None:
        """The block with the next message, read if need be."""
        if self.next_id > self.limit_id:
            return None
        block = self._block
        if block is None or self.next_id >= block.first_id + block.lines:
            block = self._block = self._reader.block(self.next_id)
            if block is None:
                raise self._reader.missing(self.next_id)
            index = self.next_id - block.first_id
            self._run = block.run_at(index)
            self._run_end = sum(block.runs.lines[: self._run + 1])
        return block
