"""Reading a session, live or past.

Every call is a statement or two of its own: no read transaction stays open, so the supervisor's
WAL can always be folded into the file, and a live session shows what the last flush brought.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from ..vocabulary.events import ProcessChanged, ProcessExited, ProcessStarted, Sample
from ..vocabulary.message import Message
from .history_reader import SAMPLE
from .message_block import MessageBlock, Runs, Tally, stream_and_flags, unpacked_tally
from .opening import damaged, open_read_only
from .records import ProcessRecord, WorkerRecord
from .session_error import SessionError
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
_PROCESS = "SELECT started, changed, exited, change FROM process "
_ENDED = "SELECT value FROM meta WHERE key = 'ended_ns'"


class BlockHead(msgspec.Struct, frozen=True, gc=False):
    """What a block holds, without its text. `tally`: empty if it was not asked for; `bits`: its
    signature, if it has one and that was asked for."""

    first_id: int
    lines: int
    size: int  # bytes of the body
    tally: Tally
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
        super().__init__()
        self.path = os.fspath(path)
        self._connection, self._folder = open_read_only(self.path)
        try:
            meta = dict(self._rows("SELECT key, value FROM meta"))
            if meta.get("byte_order") != sys.byteorder:
                raise SessionError(
                    f"The session {self.path} was made on a machine with another byte order."
                )
            with self._checking():
                self.began_ns = int(meta.get("began_ns", 0))
                self.version = int(self._rows("PRAGMA user_version")[0][0])
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
        return bool(self._rows(_ENDED))

    def last_message_id(self) -> int:
        """The id of the last message; 0 if there is none yet."""
        rows = self._rows(
            "SELECT first_id + lines FROM message_block ORDER BY first_id DESC LIMIT 1"
        )
        return int(rows[0][0]) - 1 if rows else 0

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
        rows = self._rows("SELECT process, stream, time_ns, flags, raw FROM open_line")
        with self._checking():
            return [
                Message(0, time_ns, process, stream_and_flags(stream)[0], flags, raw)
                for process, stream, time_ns, flags, raw in rows
            ]

    def processes(self) -> list[ProcessRecord]:
        """All processes, in order of their number."""
        rows = self._rows(_PROCESS + "ORDER BY process")
        with self._checking():
            return [_process_record(row) for row in rows]

    def process_changes(self, after: int) -> tuple[int, list[ProcessRecord]]:
        """The processes that are new or changed since an earlier call of this method returned
        the number `after` (0: all), in order of change; and the number for the next call."""
        rows = self._rows(_PROCESS + "WHERE change > ? ORDER BY change", (after,))
        with self._checking():
            return (rows[-1][3] if rows else after), [_process_record(row) for row in rows]

    def workers(self) -> list[WorkerRecord]:
        """All workers, in order of their number."""
        rows = self._rows(
            "SELECT worker, process, title, spec, time_ns FROM worker ORDER BY worker"
        )
        return [WorkerRecord(*row) for row in rows]

    def samples(self, process: int, since_ns: int = 0, limit: int = 1000) -> list[Sample]:
        """The first `limit` samples of a process from `since_ns` on, oldest first."""
        rows = self._rows(
            f"{SAMPLE} sample s LEFT JOIN process p ON p.process = s.process "
            "WHERE s.process = ? AND s.time_ns >= ? ORDER BY s.time_ns, s.id LIMIT ?",
            (process, since_ns, limit),
        )
        return [Sample(*row[1:]) for row in rows]

    def last_samples(self) -> dict[int, Sample]:
        """The last sample of each process that has one, by number of process."""
        rows = self._rows(
            f"{SAMPLE} process p JOIN sample s ON s.id = (SELECT id FROM sample "
            "WHERE process = p.process ORDER BY time_ns DESC, id DESC LIMIT 1)"
        )
        return {row[1]: Sample(*row[1:]) for row in rows}

    def samples_after(self, row: int, limit: int = 1000) -> list[tuple[int, Sample]]:
        """Samples of all processes as they were noted, with their row; from behind `row` on."""
        rows = self._rows(
            f"{SAMPLE} sample s LEFT JOIN process p ON p.process = s.process "
            "WHERE s.id > ? ORDER BY s.id LIMIT ?",
            (row, limit),
        )
        return [(row[0], Sample(*row[1:])) for row in rows]

    def last_sample_row(self, process: int | None = None) -> int:
        """The row of the sample noted last (of a process); 0 if there is none."""
        rows = (
            self._rows("SELECT coalesce(max(id), 0) FROM sample")
            if process is None
            else self._rows("SELECT coalesce(max(id), 0) FROM sample WHERE process = ?", (process,))
        )
        return int(rows[0][0])

    def block(self, message_id: int) -> MessageBlock | None:
        """The block that holds a message; None if there is no such message."""
        rows = self._rows(
            "SELECT first_id, lines, runs, body FROM message_block "
            "WHERE first_id <= ? ORDER BY first_id DESC LIMIT 1",
            (message_id,),
        )
        if not rows or message_id >= rows[0][0] + rows[0][1]:
            return None
        with self._checking():
            return MessageBlock(*rows[0])

    def heads(
        self, message_id: int, limit: int, *, bits: bool, tally: bool = True
    ) -> list[BlockHead]:
        """The heads of at most `limit` blocks: the one that holds this message, and those after
        it; with their signatures and their tallies if asked for."""
        where = f"b.{_AT_OR_AFTER} ORDER BY b.first_id LIMIT ?"
        heads = self._heads(where, message_id, limit, bits, tally)
        return [head for head in heads if head.last_id >= message_id]

    def heads_before(
        self, message_id: int, limit: int, *, bits: bool, tally: bool = True
    ) -> list[BlockHead]:
        """As `heads`, towards the beginning: the block with this message, then those before."""
        where = "b.first_id <= ? ORDER BY b.first_id DESC LIMIT ?"
        return list(self._heads(where, message_id, limit, bits, tally))

    def close(self) -> None:
        """Close the file; harmless when closed already."""
        self._connection.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _heads(
        self, where: str, message_id: int, limit: int, bits: bool, tally: bool
    ) -> Iterator[BlockHead]:
        statement = _HEAD.format(
            bits="s.bits" if bits else "NULL",
            join=_JOIN if bits else "",
            tally=_TALLY if tally else "NULL, NULL",
            where=where,
        )
        rows = self._rows(statement, (message_id, limit))
        with self._checking():
            for first_id, lines, size, packed, runs, signature in rows:
                entries: Tally = ()
                if packed is not None:
                    entries = unpacked_tally(packed)
                elif runs is not None:
                    entries = Runs.unpacked(runs).tally()
                yield BlockHead(first_id, lines, size, entries, signature)

    def _rows(self, statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._checking():
            return self._connection.execute(statement, parameters).fetchall()

    def _define_function(self, name: str, function: Any) -> None:
        with self._checking():
            self._connection.create_function(name, 2, function, deterministic=True)

    def _checking(self) -> _Checking:
        return _Checking(self.path)


# What reading a file with wrong bytes in it leads to.
_DAMAGE = (sqlite3.Error, ValueError, LookupError, TypeError, OverflowError, msgspec.MsgspecError)


class _Checking:
    """Turns what a damaged file leads to into a SessionError."""

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, sqlite3.ProgrammingError):
            return  # a mistake of the caller's: a closed reader
        if isinstance(
            error, (sqlite3.Error, ValueError, LookupError, TypeError, msgspec.MsgspecError)
        ):
            raise damaged(self._path, error) from None


def _process_record(row: tuple[Any, ...]) -> ProcessRecord:
    started, changed, exited, _ = row
    return ProcessRecord(
        msgspec.json.decode(started, type=ProcessStarted),
        None if changed is None else msgspec.json.decode(changed, type=ProcessChanged),
        None if exited is None else msgspec.json.decode(exited, type=ProcessExited),
    )
