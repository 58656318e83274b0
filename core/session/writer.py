"""Writing a session: the supervisor's side.

    process_started, samples, messages ... --> memory --flush()--> one transaction in the WAL

Nothing touches the disk between two flushes, and what was flushed survives a SIGKILL at any
instruction. A flush that fails (a full disk) changes nothing: all of it is still pending.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from ..translation import tr, trn
from ..vocabulary.events import ProcessChanged, ProcessExited, ProcessStarted, Sample, Stream
from ..vocabulary.findings import Finding
from ..vocabulary.kept_task import KeptTask
from .message_block import BLOCK_BYTES, BlockBuilder, run_kind
from .new_file import NewFile
from .session_error import SessionError
from .shared_writer import SharedWriter
from .signature import signature
from .single_file import leave_single_file
from .tables import (
    FINDING,
    KEPT_TASK,
    MESSAGE_BLOCK,
    MESSAGE_SIGNATURE,
    META,
    OPEN_LINE,
    PROCESS,
    SAMPLE,
    WORKER,
)

_CROWDED = BLOCK_BYTES * 3 // 2  # rather than grow beyond this, a block at least half full ends
_MAX_NUMBER = 2**32 - 1  # of a process

_STARTED = PROCESS.insert("process", "change", "pid", "started")
_CHANGED = "UPDATE process SET changed = ?, change = ? WHERE process = ?"
_EXITED = "UPDATE process SET exited = ?, change = ? WHERE process = ?"
_WORKER = WORKER.insert()
_SAMPLED = tuple(name for name in SAMPLE.columns if name != "id")
_SAMPLE = SAMPLE.insert(*_SAMPLED)
_OF_SAMPLE = attrgetter(*_SAMPLED)
_BLOCK = MESSAGE_BLOCK.insert()
_UNBLOCK = "DELETE FROM message_block WHERE first_id >= ?"
_SIGNATURE = MESSAGE_SIGNATURE.insert()
_OPEN = OPEN_LINE.insert(replace=True)
_UNOPEN = "DELETE FROM open_line WHERE process = ? AND stream = ?"
_FINDING = FINDING.insert(replace=True)
_KEPT_TASK = KEPT_TASK.insert()
_META = META.insert(replace=True)


class SessionWriter:
    """The only writer of a session file. For one thread. `shared`: what is done to shared objects
    is noted there, and goes with the next flush."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        about: dict[str, str],
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        """Create the file, for its owner only. `about`: any facts to keep with the session;
        `clock`: Unix time in ns.

        Raises FileExistsError and other OSErrors of the path, or SessionError.
        """
        self.path = os.fspath(path)
        try:
            self._file = NewFile(self.path, about, clock())
            self._connection = self._file.connection
        except sqlite3.Error as error:
            raise SessionError(
                tr("The session {path} cannot be made: {error}.", path=self.path, error=error)
            ) from error
        self._statements: list[tuple[str, tuple[Any, ...]]] = []
        self._samples: list[tuple[Any, ...]] = []
        self._open_lines: dict[tuple[int, int], tuple[int, int, bytes]] = {}
        self._full: list[BlockBuilder] = []
        self._block = BlockBuilder(1)
        self._pending_bytes = 0
        self._change = 0
        self._clock = clock
        self.shared = SharedWriter()

    def process_started(self, event: ProcessStarted) -> None:
        """Note a process. Its number is new in the session."""
        self._change += 1
        self._statements.append(
            (_STARTED, (event.process, self._change, event.pid, _as_json(event)))
        )

    def process_changed(self, event: ProcessChanged) -> None:
        """Note the new description of a process; the last one counts."""
        self._change += 1
        self._statements.append((_CHANGED, (_as_json(event), self._change, event.process)))

    def process_exited(self, event: ProcessExited) -> None:
        """Note the end of a process, after all its messages and operations."""
        self._change += 1
        self.shared.ended(event.process)
        self._statements.append((_EXITED, (_as_json(event), self._change, event.process)))

    def worker_started(
        self, worker: int, process: int, title: str, spec: str, time_ns: int
    ) -> None:
        """Note that `process` is the root of worker number `worker`. `spec`: TOML or JSON."""
        row = (worker, process, _encodable(title), _encodable(spec), time_ns)
        self._statements.append((_WORKER, row))

    def finding(self, event: Finding) -> None:
        """Note a finding, in the place of what was said of it before."""
        self._statements.append((_FINDING, (event.finding, _as_json(event))))

    def kept_task(self, event: KeptTask, pickled: bytes | None) -> None:
        """Note a task that failed, with its pickle unless that is too large."""
        self._statements.append((_KEPT_TASK, (event.task, _as_json(event), pickled)))

    def samples(self, samples: Sequence[Sample]) -> None:
        """Note samples, in order of time."""
        self._samples.extend(map(_OF_SAMPLE, samples))

    def messages(
        self,
        process: int,
        stream: Stream,
        body: bytes,
        lines: int,
        time_ns: int,
        flags: int = 0,
    ) -> None:
        """Note `lines` whole lines, joined by newlines in `body` without a last one.

        Costs about a microsecond a call. ValueError when `lines` is not what `body` holds, or
        the process number is none.
        """
        if body.count(b"\n") + 1 != lines:
            raise ValueError(f"{lines} lines were announced, {body.count(10) + 1} came")
        if not 0 <= process <= _MAX_NUMBER:
            raise ValueError(f"{process} is not the number of a process")
        kind = run_kind(stream, flags)
        start = 0
        while len(body) - start > BLOCK_BYTES and lines > 1:
            end = body.rfind(b"\n", start, start + BLOCK_BYTES)
            if end < 0:
                end = body.find(b"\n", start)
            if end < 0:
                break
            part = body[start:end]
            part_lines = part.count(b"\n") + 1
            self._add(process, kind, part, part_lines, time_ns)
            lines -= part_lines
            start = end + 1
        self._add(process, kind, body[start:] if start else body, lines, time_ns)

    def mixed(
        self,
        processes: Sequence[int],
        counts: Sequence[int],
        stream: Stream,
        body: bytes,
        time_ns: int,
    ) -> None:
        """Note whole lines that several processes wrote in turn, `counts[i]` by `processes[i]`;
        `body` holds all of them as in `messages`, of BLOCK_BYTES at most.

        ValueError when `counts` are not what `body` holds.
        """
        lines = sum(counts)
        if body.count(b"\n") + 1 != lines or len(processes) != len(counts):
            raise ValueError(f"{lines} lines were announced, {body.count(10) + 1} came")
        block = self._block_for(body)
        block.add_mixed(processes, counts, run_kind(stream, 0), body, lines, time_ns)
        self._count(block, body)

    def open_line(
        self, process: int, stream: Stream, raw: bytes, time_ns: int, flags: int = 0
    ) -> None:
        """Note the line that this process is still writing; b"" when there is none any more."""
        self._open_lines[process, stream] = (time_ns, flags, raw)

    @property
    def dirty(self) -> bool:
        """There is something to flush."""
        return bool(
            self._pending_bytes
            or self._statements
            or self._samples
            or self._open_lines
            or self.shared.dirty
        )

    @property
    def pending_bytes(self) -> int:
        """How many bytes of messages wait for a flush."""
        return self._pending_bytes

    @property
    def last_message_id(self) -> int:
        """The id of the last message noted, flushed or not; 0 if there is none."""
        return self._block.first_id + self._block.lines - 1

    def flush(self) -> int:
        """Write all that is pending, in one transaction; return the last message's id (0: none).

        Raises SessionError when the disk refuses; everything stays pending then.
        """
        if self.dirty:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                self._write()
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise SessionError(
                    tr(
                        "The session {path} cannot be written: {error}.",
                        path=self.path,
                        error=error,
                    )
                ) from error
            self._block.mark_stored()
            self._full.clear()
            self._statements.clear()
            self._samples.clear()
            self._open_lines.clear()
            self.shared.clear()
            self._pending_bytes = 0
        return self.last_message_id

    def close(self, process: int = 0) -> str:
        """Flush, note that the session ended in order, and leave a single file behind.

        Where the disk is full to the end, the ends of processes are written all the same, into room
        that was kept for them. Returns a sentence that says what is not in the file, noted there as
        a message of `process` too; "" when all is. While someone still reads, an empty WAL stays
        beside it (see `single_file`). Closes the file even where it raises SessionError.
        """
        missing = ""
        try:
            self._statements.append((_META, ("ended_ns", str(self._clock()))))
            try:
                self.flush()
            except SessionError:
                self._file.give_reserve_back()
                try:
                    self.flush()
                except SessionError as error:
                    missing = self._give_up(error)
                    self.messages(process, Stream.SPAWNSCOPE, missing.encode(), 1, self._clock())
                    try:
                        self.flush()
                    except SessionError:
                        raise SessionError(missing) from None
            self._file.give_reserve_back()
            leave_single_file(self._connection)
        finally:
            self._connection.close()
            self._file.release()
        return missing

    def _give_up(self, error: SessionError) -> str:
        """Drop what is pending but for what processes there were and how they ended; say what."""
        first = [*self._full, self._block][0].first_missing_id
        lines = self.last_message_id + 1 - first
        operations = self.shared.pending_operations
        self._full.clear()
        self._block = BlockBuilder(first)
        self._samples.clear()
        self._open_lines.clear()
        self.shared.clear()
        what = trn("{count} line", "{count} lines", lines)
        if operations:
            what = trn(
                "{lines} and {count} operation",
                "{lines} and {count} operations",
                operations,
                lines=what,
            )
        return tr("The last {what} of the session are missing: {error}", what=what, error=error)

    def _add(self, process: int, kind: int, body: bytes, lines: int, time_ns: int) -> None:
        block = self._block_for(body)
        block.add(process, kind, body, lines, time_ns)
        self._count(block, body)

    def _block_for(self, body: bytes) -> BlockBuilder:
        size = self._block.size
        if size >= BLOCK_BYTES // 2 and size + len(body) > _CROWDED:
            return self._next_block()
        return self._block

    def _count(self, block: BlockBuilder, body: bytes) -> None:
        self._pending_bytes += len(body) + 1
        if block.full:
            self._next_block()

    def _next_block(self) -> BlockBuilder:
        self._full.append(self._block)
        self._block = BlockBuilder(self._block.first_id + self._block.lines)
        return self._block

    def _write(self) -> None:
        execute = self._connection.execute
        for statement, row in self._statements:
            execute(statement, row)
        self._connection.executemany(_SAMPLE, self._samples)
        for block in self._full:
            if block.stored:
                execute(_UNBLOCK, (block.first_id,))
            full_row = block.full_row()
            execute(_BLOCK, full_row)
            if (bits := signature(full_row[-1])) is not None:
                execute(_SIGNATURE, (block.first_id, bits))
        if (new_row := self._block.new_row()) is not None:
            execute(_BLOCK, new_row)
        for (process, stream), (time_ns, flags, raw) in self._open_lines.items():
            if raw:
                execute(_OPEN, (process, stream, time_ns, flags, raw))
            else:
                execute(_UNOPEN, (process, stream))
        self.shared.write(self._connection)


def _as_json(
    event: ProcessStarted | ProcessChanged | ProcessExited | Finding | KeptTask,
) -> str:
    """The event as JSON. Names that are no UTF-8 are kept with backslash escapes."""
    try:
        return msgspec.json.encode(event).decode()
    except UnicodeEncodeError:
        fields = {name: _encodable(getattr(event, name)) for name in event.__struct_fields__}
        return msgspec.json.encode(msgspec.structs.replace(event, **fields)).decode()


def _encodable(value: Any) -> Any:
    """The same, with lone surrogates (undecodable bytes of the system) as backslash escapes."""
    if type(value) is str:
        raw = value.encode("utf-8", "surrogateescape" if _is_escaped(value) else "replace")
        return raw.decode("utf-8", "backslashreplace")
    if isinstance(value, tuple):
        return tuple(map(_encodable, value))
    return value


def _is_escaped(value: str) -> bool:
    """All its surrogates stand for bytes."""
    return not any("\ud800" <= c <= "\udfff" and not "\udc80" <= c <= "\udcff" for c in value)
