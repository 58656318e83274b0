"""A session as JSON Lines, also while it is still being written.

    processes (in memory) --start, exit--.
    messages (block by block) ------------+--merged by time--> one JSON object a line
    samples (by the thousand) ------------|
    objects, operations ------------------'

Order: by time, with the order within a process above it. A process's start comes before anything
else of it, however its times are; its exit waits for its last message, sample and operation. An
object comes before the first operation on it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from typing import BinaryIO, TextIO, cast

import msgspec

from ..session.message_cursor import MessageCursor
from ..session.reader import SessionReader
from ..session.records import ProcessRecord
from ..vocabulary.events import ObjectCreated, Sample
from ..vocabulary.findings import Finding
from ..vocabulary.message import UNTERMINATED, Message
from .jsonl_events import exited_event, finding_event, message_events, sample_event, started_event
from .jsonl_shared import (
    OperationCursor,
    counters_events,
    lost_event,
    object_event,
    operation_event,
)

_ENDLESS = 1 << 63
_SAMPLES = 1000  # read at a time
_RUNS = 256  # runs of messages between two steps


class JsonlExport:
    """Writes the events of a session, each once. For the thread of its reader."""

    def __init__(self, reader: SessionReader, out: TextIO | BinaryIO) -> None:
        self._reader = reader
        self._out = out
        self._as_text = isinstance(out, io.TextIOBase)
        self._encoder = msgspec.json.Encoder()
        self._written = 0
        self._change = 0
        self._records: dict[int, ProcessRecord] = {}
        self._started: set[int] = set()
        self._starts: list[tuple[int, int]] = []  # heap: (time, process)
        self._exits: list[tuple[int, int]] = []  # heap: (time, process)
        self._late: list[tuple[int, int]] = []  # heap: (last message, process), exits held back
        self._scheduled: set[int] = set()
        self._messages = MessageCursor(reader.messages)
        self._last_blocks: dict[int, int] = {}  # process: an id in the last block with its lines
        self._tallied_id = 0
        self._open_lines: list[Message] = []
        self._held: list[int] = []  # processes that ended, but left a line open
        self._unknown: set[int] = set()  # processes that were never announced
        self._samples: list[tuple[int, Sample]] = []  # read ahead, the next one last
        self._sample_row = 0
        self._operations = OperationCursor(reader)
        self._objects: dict[int, ObjectCreated] = {}
        self._unknown_objects: set[int] = set()
        self._last_object = 0
        self._made: list[tuple[int, int]] = []  # heap: (time, object), those not yet written
        self._made_by: dict[int, list[int]] = {}  # process: objects that it made
        self._shown: set[int] = set()  # objects that are written
        self._findings: list[tuple[int, int, Finding]] = []  # heap: by time, those not yet written
        self._told: dict[int, int] = {}  # finding: when it was last told, of those taken in
        self._last_ns = 0  # of all that was written

    def advance(self, until_ns: int | None = None) -> int:
        """Write all events up to a time; return how many lines were written.

        None: write all there is and finish, the lines that are still open as unterminated
        messages; call it once, at the end. Raises SessionError, and OSErrors of `out`.
        """
        before = self._written
        for _ in self.steps(until_ns):
            pass
        return self._written - before

    def steps(self, until_ns: int | None = None) -> Iterator[float]:
        """`advance` in small steps; yields how far it is, from 0 to 1."""
        # An exit is noted after the messages, so those of all exits seen now are tallied then.
        self._unknown.clear()
        self._unknown_objects.clear()
        self._refresh()
        self._tally()
        self._messages.limit_id = self._reader.messages.last_id()
        self._operations.limit_id = self._reader.operations.last_id()
        until = _ENDLESS if until_ns is None else until_ns
        if until_ns is None:
            self._open_lines = self._reader.messages.open_lines()
        while True:
            message_ns = self._time_of_message()
            sample_ns = self._time_of_sample()
            start_ns = self._starts[0][0] if self._starts else _ENDLESS
            exit_ns = self._exits[0][0] if self._exits else _ENDLESS
            made_ns = self._time_of_object()
            operation_ns = self._time_of_operation()
            finding_ns = self._findings[0][0] if self._findings else _ENDLESS
            others_ns = (sample_ns, start_ns, exit_ns, made_ns, finding_ns)
            first = min(message_ns, operation_ns, *others_ns)
            if first >= _ENDLESS or first > until:
                break
            self._last_ns = max(self._last_ns, first)
            if first == start_ns:
                self._write_start(heappop(self._starts)[1])
            elif first == message_ns:
                self._write_messages(min(*others_ns, operation_ns, until))
                self._release_late()
                yield self._done()
            elif first == sample_ns:
                self._write_sample()
            elif first == made_ns:
                self._write_object(heappop(self._made)[1])
            elif first == operation_ns:
                self._write_operations(min(*others_ns, message_ns, until))
                yield self._done()
            elif first == finding_ns:
                self._write_finding(heappop(self._findings)[2])
            else:
                self._write_exit_in_turn(heappop(self._exits)[1])
        if until_ns is None:
            self._finish()
        self._out.flush()

    # What is there

    def _refresh(self) -> None:
        """Learn of new, changed and ended processes."""
        self._change, records = self._reader.processes.changes(self._change)
        for record in records:
            process = record.started.process
            if process not in self._records:
                heappush(self._starts, (record.started.time_ns, process))
            if record.exited is not None and process not in self._scheduled:
                self._scheduled.add(process)
                heappush(self._exits, (record.exited.time_ns, process))
            self._records[process] = record
        self._refresh_objects()
        for finding in self._reader.findings():
            if self._told.get(finding.finding) != finding.time_ns:
                self._told[finding.finding] = finding.time_ns
                heappush(self._findings, (finding.time_ns, finding.finding, finding))

    def _refresh_objects(self) -> None:
        for made in self._reader.objects.all(self._last_object):
            if made.object not in self._objects:
                self._objects[made.object] = made
                self._made_by.setdefault(made.process, []).append(made.object)
                heappush(self._made, (made.time_ns, made.object))
        # One whose maker does not show up is told of later than those after it.
        while self._last_object + 1 in self._objects:
            self._last_object += 1

    def _done(self) -> float:
        """How far it is, from 0 to 1."""
        read = self._messages.next_id - 1 + self._operations.read_id
        return min(1.0, read / max(1, self._messages.limit_id + self._operations.limit_id))

    def _tally(self) -> None:
        """Learn in which block each process has its last lines."""
        while heads := self._reader.messages.heads(self._tallied_id + 1, 512, bits=False):
            for head in heads:
                for process, _, _ in head.tally:
                    self._last_blocks[process] = head.last_id
            self._tallied_id = heads[-1].last_id

    def _last_message_of(self, process: int) -> int:
        """The id of a process's last message; 0 if it has none."""
        block_id = self._last_blocks.get(process, 0)
        if block_id < self._messages.next_id:
            return 0  # or before the cursor, which is as good
        block = self._reader.messages.block(block_id)
        if block is None:
            return 0
        return block.first_id + max(
            (span[-1] for span in block.spans(frozenset({process}), None)), default=-1
        )

    def _time_of_message(self) -> int:
        time_ns = self._messages.time_ns
        return _ENDLESS if time_ns is None else time_ns

    def _time_of_sample(self) -> int:
        if not self._samples:
            self._samples = self._reader.samples.after(self._sample_row, _SAMPLES)
            self._samples.reverse()
        return self._samples[-1][1].time_ns if self._samples else _ENDLESS

    def _time_of_object(self) -> int:
        while self._made and self._made[0][1] in self._shown:
            heappop(self._made)
        return self._made[0][0] if self._made else _ENDLESS

    def _time_of_operation(self) -> int:
        time_ns = self._operations.time_ns
        return _ENDLESS if time_ns is None else time_ns

    # Writing

    def _write_start(self, process: int) -> None:
        """Write a process's start, and its ancestors' before, unless that was done."""
        if process in self._started:
            return
        line: list[ProcessRecord] = []
        ancestor: int | None = process
        while not (ancestor is None or ancestor in self._started or ancestor in self._unknown):
            if ancestor not in self._records:
                self._refresh()
            record = self._records.get(ancestor)
            if record is None:
                self._unknown.add(ancestor)
                break
            self._started.add(ancestor)
            line.append(record)
            ancestor = record.started.parent
        self._write([started_event(one.started, one.changed) for one in reversed(line)])

    def _write_messages(self, until: int) -> None:
        """Write messages in their order, up to the first one later than `until` and to one that
        an exit waits for."""
        cursor = self._messages
        last_id = self._late[0][0] if self._late else _ENDLESS
        events: list[object] = []
        for _ in range(_RUNS):
            if cursor.next_id > last_id or (taken := cursor.take(until, last_id)) is None:
                break
            time_ns, process, stream, flags, lines = taken
            if process not in self._started:
                self._write(events)
                events = []
                self._write_start(process)
            events += message_events(lines, time_ns, process, self._pid(process), stream, flags)
        self._write(events)

    def _write_sample(self) -> None:
        self._sample_row, sample = self._samples.pop()
        self._write_start(sample.process)
        self._write([sample_event(sample)])

    def _write_object(self, number: int) -> None:
        """Write an object, unless that was done."""
        if number in self._shown or number in self._unknown_objects:
            return
        if number not in self._objects:
            self._refresh_objects()
        made = self._objects.get(number)
        if made is None:
            self._unknown_objects.add(number)
            return
        self._shown.add(number)
        self._write_start(made.process)
        self._write([object_event(made, self._pid(made.process))])

    def _write_finding(self, finding: Finding) -> None:
        for process in finding.processes:
            self._write_start(process)
        self._write([finding_event(finding)])

    def _write_operation(self) -> None:
        one = self._operations.take()
        self._write_start(one.process)
        if one.object:
            self._write_object(one.object)
        self._write([operation_event(one, self._pid(one.process))])

    def _write_operations(self, until: int) -> None:
        """Write operations in their order, up to the first one later than `until`."""
        for _ in range(_RUNS):
            time_ns = self._operations.time_ns
            if time_ns is None or time_ns > until:
                break
            self._write_operation()

    def _write_exit_in_turn(self, process: int) -> None:
        """Write an exit, or hold it back until all messages of the process are written."""
        last_id = self._last_message_of(process)
        if last_id >= self._messages.next_id:
            heappush(self._late, (last_id, process))
        elif any(message.process == process for message in self._open_lines):
            self._held.append(process)
        else:
            self._write_exit(process)

    def _release_late(self) -> None:
        while self._late and self._late[0][0] < self._messages.next_id:
            self._write_exit_in_turn(heappop(self._late)[1])

    def _write_exit(self, process: int) -> None:
        last_row = self._reader.samples.last_row(process)
        while self._sample_row < last_row and self._time_of_sample() < _ENDLESS:
            self._write_sample()
        last_operation = self._reader.operations.last_id(process)
        while self._operations.has(process, last_operation):
            self._write_operation()
        self._write_start(process)
        exited = self._records[process].exited
        if exited is not None:
            self._write_totals(process, exited.time_ns)
            self._write([exited_event(exited)])

    def _write_totals(self, process: int, time_ns: int) -> None:
        """Write what a process did in all, and how much of it has no line."""
        for number in self._made_by.pop(process, ()):
            self._write_object(number)
        pid = self._pid(process)
        rows = self._reader.objects.counters(process)
        self._write(counters_events(rows, self._objects, time_ns, process, pid))
        self._write([lost_event(lost, pid) for lost in self._reader.operations.lost(process)])

    def _finish(self) -> None:
        """Write what only the end of a session shows: lines that were never completed."""
        for message in self._open_lines:
            self._write_start(message.process)
            self._write(
                message_events(
                    [message.raw],
                    message.time_ns,
                    message.process,
                    self._pid(message.process),
                    message.stream,
                    message.flags | UNTERMINATED,
                )
            )
        self._open_lines = []
        for process in self._held:
            self._write_exit(process)
        self._held = []
        # What a crash of the supervisor left without an end.
        for process, record in list(self._records.items()):
            if record.exited is None and process in self._started:
                self._write_totals(process, self._last_ns)

    def _pid(self, process: int) -> int | None:
        record = self._records.get(process)
        return None if record is None else record.started.pid

    def _write(self, events: Sequence[object]) -> None:
        if events:
            lines = self._encoder.encode_lines(events)
            if self._as_text:
                cast(TextIO, self._out).write(lines.decode())
            else:
                cast(BinaryIO, self._out).write(lines)
            self._written += len(events)


def export(
    reader: SessionReader,
    out: TextIO | BinaryIO,
    progress: Callable[[float], bool] = lambda done: True,
) -> bool:
    """Write a whole session. `progress` is told how far it is, from 0 to 1, every few
    milliseconds; when it returns False the export stops, and this returns False."""
    return all(progress(done) for done in JsonlExport(reader, out).steps()) and progress(1.0)
