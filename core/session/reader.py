"""Reading a session, live or past.

Every call is a statement or two of its own: no read transaction stays open, so the supervisor's
WAL can always be folded into the file, and a live session shows what the last flush brought.
"""

from __future__ import annotations

import os
import sys
from itertools import pairwise

import msgspec

from ..vocabulary.events import ProcessChanged, ProcessExited, ProcessStarted, Sample
from ..vocabulary.message import Message
from .history_reader import SAMPLE, SampleRow
from .message_block import LineRuns, LineTally, MessageBlock, stream_and_flags, unpacked_tally
from .opening import open_session
from .records import ProcessRecord, WorkerRecord
from .row_types import Number, decoded
from .session_error import SessionError
from .session_file import damaged
from .shared_reader import SharedReader

_AT_OR_AFTER = (
    "first_id >= coalesce((SELECT max(first_id) FROM message_block WHERE first_id <= ?), 0)"
)
_HEAD = (
    "SELECT b.first_id, b.lines, length(b.body), {tally}, {bits} "
    "FROM message_block b {join} WHERE {where}"
)
_TALLY = "b.tally, CASE WHEN b.tally IS NULL THEN b.runs END"
_JOIN = "LEFT JOIN message_signature s ON s.first_id = b.first_id"
_PROCESS = "SELECT process, change, started, changed, exited FROM process "
_ProcessRow = tuple[Number, Number, str, str | None, str | None]
_HeadRow = tuple[Number, Number, Number, bytes | None, bytes | None, bytes | None]
_ENDED = "SELECT value FROM meta WHERE key = 'ended_ns'"


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


class SessionReader(SharedReader):
    """Reads one session file. For any thread, but only one at a time.

    All methods raise SessionError where the file turns out to be damaged.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open the file, without changing it. Raises SessionError."""
        self.path = os.fspath(path)
        super().__init__(open_session(self.path))
        try:
            meta = dict(self.rows(tuple[str, str], "SELECT key, value FROM meta"))
            if meta.get("byte_order") != sys.byteorder:
                raise SessionError(
                    f"The session {self.path} was made on a machine with another byte order."
                )
            with self._checking():
                self.began_ns = msgspec.convert(int(meta.get("began_ns", 0)), Number)
        except BaseException:
            self.close()
            raise
        prefix = "about."
        self.about: dict[str, str] = {
            key.removeprefix(prefix): value for key, value in meta.items() if key.startswith(prefix)
        }

    @property
    def ended_cleanly(self) -> bool:
        """The supervisor closed the session in order. False while it is live and after a crash."""
        return bool(self.rows(tuple[str], _ENDED))

    def last_message_id(self) -> int:
        """The id of the last message; 0 if there is none yet."""
        rows = self.rows(
            tuple[Number],
            "SELECT first_id + lines FROM message_block ORDER BY first_id DESC LIMIT 1",
        )
        return rows[0][0] - 1 if rows else 0

    def messages(self, first_id: int, count: int) -> list[Message]:
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
            with self._checking():
                found += block.messages(range(start, stop))
        return found

    def open_lines(self) -> list[Message]:
        """The lines that were being written at the last flush (id 0), by process and stream."""
        rows = self.rows(
            tuple[Number, Number, Number, Number, bytes],
            "SELECT process, stream, time_ns, flags, raw FROM open_line",
        )
        with self._checking():
            return [
                Message(0, time_ns, process, stream_and_flags(stream)[0], flags, raw)
                for process, stream, time_ns, flags, raw in rows
            ]

    def processes(self) -> list[ProcessRecord]:
        """All processes, in order of their number."""
        rows = self.rows(_ProcessRow, _PROCESS + "ORDER BY process")
        with self._checking():
            records = [_process_record(row) for row in rows]
            _check_ancestry(records)
            return records

    def process_changes(self, after: int) -> tuple[int, list[ProcessRecord]]:
        """The processes that are new or changed since an earlier call of this method returned
        the number `after` (0: all), in order of change; and the number for the next call."""
        rows = self.rows(_ProcessRow, _PROCESS + "WHERE change > ? ORDER BY change", (after,))
        with self._checking():
            return (rows[-1][1] if rows else after), [_process_record(row) for row in rows]

    def workers(self) -> list[WorkerRecord]:
        """All workers, in order of their number."""
        rows = self.rows(
            tuple[Number, Number, str, str, Number],
            "SELECT worker, process, title, spec, time_ns FROM worker ORDER BY worker",
        )
        return [WorkerRecord(*row) for row in rows]

    def samples(self, process: int, since_ns: int = 0, limit: int = 1000) -> list[Sample]:
        """The first `limit` samples of a process from `since_ns` on, oldest first."""
        rows = self.rows(
            SampleRow,
            f"{SAMPLE} sample s LEFT JOIN process p ON p.process = s.process "
            "WHERE s.process = ? AND s.time_ns >= ? ORDER BY s.time_ns, s.id LIMIT ?",
            (process, since_ns, limit),
        )
        return [Sample(*row[1:]) for row in rows]

    def last_samples(self) -> dict[int, Sample]:
        """The last sample of each process that has one, by number of process."""
        rows = self.rows(
            SampleRow,
            f"{SAMPLE} process p JOIN sample s ON s.id = (SELECT id FROM sample "
            "WHERE process = p.process ORDER BY time_ns DESC, id DESC LIMIT 1)",
        )
        return {row[1]: Sample(*row[1:]) for row in rows}

    def samples_after(self, row: int, limit: int = 1000) -> list[tuple[int, Sample]]:
        """Samples of all processes as they were noted, with their row; from behind `row` on."""
        rows = self.rows(
            SampleRow,
            f"{SAMPLE} sample s LEFT JOIN process p ON p.process = s.process "
            "WHERE s.id > ? ORDER BY s.id LIMIT ?",
            (row, limit),
        )
        return [(row[0], Sample(*row[1:])) for row in rows]

    def last_sample_row(self, process: int | None = None) -> int:
        """The row of the sample noted last (of a process); 0 if there is none."""
        where, which = ("", ()) if process is None else (" WHERE process = ?", (process,))
        statement = f"SELECT coalesce(max(id), 0) FROM sample{where}"
        return int(self.rows(tuple[Number], statement, which)[0][0])

    def block(self, message_id: int) -> MessageBlock | None:
        """The block that holds a message; None if there is no such message."""
        rows = self.rows(
            tuple[Number, Number, bytes, bytes],
            "SELECT first_id, lines, runs, body FROM message_block "
            "WHERE first_id <= ? ORDER BY first_id DESC LIMIT 1",
            (message_id,),
        )
        if not rows or message_id >= rows[0][0] + rows[0][1]:
            return None
        with self._checking():
            return MessageBlock(*rows[0])

    def missing(self, what: str) -> SessionError:
        """The fault of a file in which something is not there that must be."""
        return damaged(self.path, f"{what} is missing")

    def heads(
        self, message_id: int, limit: int, *, bits: bool, tally: bool = True
    ) -> list[BlockHead]:
        """The heads of at most `limit` blocks: the one that holds this message, and those after
        it; with their signatures and their tallies if asked for."""
        where = f"b.{_AT_OR_AFTER} ORDER BY b.first_id LIMIT ?"
        found = self._heads(where, message_id, limit, bits, tally)
        heads = [head for head in found if head.last_id >= message_id]
        if heads and heads[0].first_id > max(message_id, 1):
            raise self.missing(f"message {message_id}")
        return heads

    def heads_before(
        self, message_id: int, limit: int, *, bits: bool, tally: bool = True
    ) -> list[BlockHead]:
        """As `heads`, towards the beginning: the block with this message, then those before."""
        where = "b.first_id <= ? ORDER BY b.first_id DESC LIMIT ?"
        return self._heads(where, message_id, limit, bits, tally)

    def close(self) -> None:
        """Close the file; harmless when closed already."""
        if self._open:
            self._open = False
            self._file.close()

    def _heads(
        self, where: str, message_id: int, limit: int, bits: bool, tally: bool
    ) -> list[BlockHead]:
        statement = _HEAD.format(
            bits="s.bits" if bits else "NULL",
            join=_JOIN if bits else "",
            tally=_TALLY if tally else "NULL, NULL",
            where=where,
        )
        rows = self.rows(_HeadRow, statement, (message_id, limit))
        with self._checking():
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


def _process_record(row: _ProcessRow) -> ProcessRecord:
    number, _, *texts = row
    started = decoded(texts[0] or "", ProcessStarted)
    changed = None if texts[1] is None else decoded(texts[1], ProcessChanged)
    exited = None if texts[2] is None else decoded(texts[2], ProcessExited)
    for event in (started, changed, exited):
        if event is not None and event.process != number:
            raise ValueError(f"process {number} calls itself {event.process}")
    return ProcessRecord(started, changed, exited)


def _check_ancestry(records: list[ProcessRecord]) -> None:
    """Nobody is their own ancestor: whoever goes up a tree comes to an end."""
    parents = {record.started.process: record.started.parent for record in records}
    sound: set[int | None] = set()
    for first in parents:
        line: dict[int, None] = {}
        number: int | None = first
        while number is not None and number in parents and number not in sound:
            if number in line:
                raise ValueError(f"process {number} is its own ancestor")
            line[number] = None
            number = parents[number]
        sound.update(line)
