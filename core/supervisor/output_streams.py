"""What workers write, from the sockets of their streams to lines under the process that wrote them.

    Source.pieces --> OutputHub --> LineAssembler --> on_lines, on_unfinished
                          |
                     Passthrough (only `record`)

How a stream is read, see `stream_reading`; while nobody reads, the writer waits, as on any pipe.
"""

from __future__ import annotations

import signal
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from ..session.message_block import BLOCK_BYTES
from ..vocabulary.events import Stream
from .known_process import KnownProcess
from .line_assembler import LineAssembler, Lines
from .loop import EventLoop
from .output_source import WorkerOutput
from .passthrough import Passthrough
from .piece_reader import PieceReader
from .stream_reading import StreamReading

_STREAMS = (Stream.STDOUT, Stream.STDERR)
# What one stream may take of a turn of the loop: a flood in one never stalls another.
_BATCHES = 8
_BUDGET = 256 * 1024  # bytes


class OutputHub:
    """Reads all streams of all workers and assembles lines per process.

    `on_lines(record, stream, lines)` is called for whole lines, `on_unfinished(record, stream,
    assembler)` when the line a process is still writing has changed, and `on_mixed(numbers, counts,
    stream, body)` for whole lines of several processes in turn; see `SessionWriter.mixed`.
    """

    def __init__(
        self,
        loop: EventLoop,
        find_writer: Callable[[int, KnownProcess], KnownProcess],
        on_lines: Callable[[KnownProcess, Stream, Lines], None],
        on_unfinished: Callable[[KnownProcess, Stream, LineAssembler], None],
        on_mixed: Callable[[list[int], list[int], Stream, bytes], None],
    ) -> None:
        self.loop = loop
        self._find_writer = find_writer
        self._on_lines = on_lines
        self._on_unfinished = on_unfinished
        self._on_mixed = on_mixed
        self._reader = PieceReader()
        self._open: dict[int, list[StreamReading]] = {}  # by worker number
        self._writers: dict[int, KnownProcess] = {}  # by pid
        self._assemblers: dict[Stream, dict[int, LineAssembler]] = {s: {} for s in _STREAMS}
        self._passthrough: dict[Stream, Passthrough] = {}
        self._held = False
        self._interrupting = False
        self._settling: KnownProcess | None = None
        self._late: list[KnownProcess] = []  # whose ends were noticed before their last words
        self._lines = 0  # that were taken in

    def pass_through(self, stream: Stream, passthrough: Passthrough) -> None:
        """Hand on what comes by `stream`, as it came; it holds the writers back when it must."""
        self._passthrough[stream] = passthrough
        passthrough.on_room = lambda: self._set_reading(stream, True)
        passthrough.on_broken = lambda: self._hang_up_soon(stream)

    def add(self, output: WorkerOutput, worker: KnownProcess) -> None:
        """Read this worker's streams from now on, until everybody who has them is gone."""
        assert worker.worker is not None
        first, second = readings = [
            StreamReading(self.loop, source, worker, self._take_turn) for source in output.sources
        ]
        first.sibling, second.sibling = second, first
        self._open[worker.worker] = readings
        if not self._held:
            for reading in readings:
                reading.watch()

    def settle(self, record: KnownProcess) -> None:
        """`record` has ended: read what it left behind, and close its last line."""
        before, self._settling = self._settling, record
        try:
            if record.worker is not None:
                for reading in list(self._open.get(record.worker, ())):
                    self._read_what_waits(reading)
        finally:
            self._settling = before
        self._finish(record)
        while self._late:
            self._finish(self._late.pop())

    def _finish(self, record: KnownProcess) -> None:
        self._writers.pop(record.pid, None)
        for stream in _STREAMS:
            assembler = self._assemblers[stream].pop(record.number, None)
            if assembler is not None:
                self._end_line(record, stream, assembler)

    def hold(self, held: bool) -> None:
        """Stop reading, so that writers wait; or go on."""
        self._held = held
        for stream in _STREAMS:
            self._set_reading(stream, not held)

    def waiting_passthrough(self) -> bool:
        """Whether something passed through is still on its way out."""
        for passthrough in self._passthrough.values():
            passthrough.release()
        return any(p.pending for p in self._passthrough.values())

    def close(self) -> None:
        """Close every stream."""
        for readings in list(self._open.values()):
            for reading in list(readings):
                self._close(reading)

    def _set_reading(self, stream: Stream, reading: bool) -> None:
        for each in [each for readings in self._open.values() for each in readings]:
            if each.source.stream is stream:
                if not reading:
                    each.unwatch()
                elif not self._held:
                    each.watch()

    def _take_turn(self, reading: StreamReading) -> tuple[int, int] | None:
        """Take in what waits, up to a budget: (bytes, lines); None where it is not read now."""
        source = reading.source
        passthrough = self._passthrough.get(source.stream)
        if passthrough is not None and passthrough.congested:
            self._set_reading(source.stream, False)
            return None
        lines, size = self._lines, 0
        for _ in range(_BATCHES):
            size += self._read(reading)[0]
            if not source.more or size > _BUDGET or source.pieces:
                break
        while self._late:
            self.settle(self._late[-1])
        return None if source.descriptor < 0 else (size, self._lines - lines)

    def _read_what_waits(self, reading: StreamReading) -> set[KnownProcess]:
        """Returns who wrote it."""
        writers = self._take_in(reading)
        source = reading.source
        # Bounded by what waits now: others may go on writing for ever.
        remaining = source.waiting_bytes() if source.descriptor >= 0 else 0
        while remaining > 0 and source.descriptor >= 0:
            size, found = self._read(reading)
            writers |= found
            remaining -= size
            if not size:
                break
        return writers

    def _read(self, reading: StreamReading) -> tuple[int, set[KnownProcess]]:
        """One batch: its bytes, and who wrote it."""
        size = reading.source.read(self._reader)
        writers = self._take_in(reading)
        if reading.source.at_end and not reading.source.pieces:
            self._close(reading)
        return size, writers

    def _take_in(self, reading: StreamReading) -> set[KnownProcess]:
        """All pieces that were read; who wrote them."""
        pieces, worker = reading.source.pieces, reading.worker
        writers: dict[int, KnownProcess] = {}
        while self._take_in_at_once(reading, writers):
            pass
        while pieces:
            piece = pieces[0]
            pid, data = piece
            record = writers.get(pid)
            if record is None:
                try:
                    known = not pid or pid == worker.pid
                    record = worker if known else self._find_writer(pid, worker)
                except Exception:
                    pieces.popleft()
                    raise
                writers[pid] = self._writers[pid] = record
            may_go_on = self._may_go_on(record, reading)
            if not pieces or pieces[0] is not piece:
                continue  # somebody was found to have ended, and it was taken in then
            if not may_go_on:
                break
            if record.ended:
                self._late.append(record)
            pieces.popleft()
            self._piece(record, reading, data)
        passthrough = self._passthrough.get(reading.source.stream)
        if passthrough is not None:
            passthrough.send()
        return set(writers.values())

    def _take_in_at_once(self, reading: StreamReading, writers: dict[int, KnownProcess]) -> bool:
        """The common case of a flood, at a fraction of the cost: nothing but whole lines, of
        processes that are known and have begun no other. False where that is not so, or a piece is
        long, and the next one has to be looked at by itself."""
        pieces, stream = reading.source.pieces, reading.source.stream
        if len(pieces) < 2:
            return False
        pids, data = zip(*pieces, strict=True)
        body = b"".join(data)
        if len(body) > BLOCK_BYTES:
            count = bisect_right(list(accumulate(map(len, data))), BLOCK_BYTES)
            pids, data = pids[:count], data[:count]
            body = b"".join(data)
        ends = b"".join([piece[-1:] for piece in data])
        if len(data) < 2 or b"\r" in body or ends != b"\n" * len(data):
            return False
        numbers: dict[int, int] = {}
        for pid in set(pids):
            record = self._writers.get(pid)
            if record is None or record.ended or self._has_begun(record):
                return False
            writers[pid] = record
            numbers[pid] = record.number
        for _ in data:
            pieces.popleft()
        lines = body.count(b"\n")
        one_each = lines == len(data)
        counts = [1] * lines if one_each else [piece.count(b"\n") for piece in data]
        self._lines += lines
        passthrough = self._passthrough.get(stream)
        if passthrough is not None:
            passthrough.write_lines(body)
        self._on_mixed(list(map(numbers.__getitem__, pids)), counts, stream, body[:-1])
        return True

    def _has_begun(self, record: KnownProcess) -> bool:
        found = [self._assemblers[stream].get(record.number) for stream in _STREAMS]
        return any(assembler is not None and assembler.has_begun for assembler in found)

    def _piece(self, record: KnownProcess, reading: StreamReading, data: bytes) -> None:
        number, stream = record.number, reading.source.stream
        passthrough = self._passthrough.get(stream)
        if passthrough is not None:
            passthrough.write(number, data)
        assembler = self._assemblers[stream].get(number)
        if assembler is None:
            assembler = self._assemblers[stream][number] = LineAssembler()
        for lines in assembler.feed(data):
            self._lines += lines.lines
            self._on_lines(record, stream, lines)
        if assembler.changed:
            self._on_unfinished(record, stream, assembler)
        if assembler.has_begun:
            assembler.certain = reading.sibling is None or reading.sibling.is_empty()

    def _may_go_on(self, record: KnownProcess, reading: StreamReading) -> bool:
        """Whether what it wrote by this stream has its turn. What it began on the other, a prompt
        for one, stands before; but it may also have been in the middle of that line, and this is
        older: then the rest of it is waited for, for a moment."""
        other = reading.sibling
        if other is None or self._interrupting:
            return True
        assemblers = self._assemblers[other.source.stream]
        assembler = assemblers.get(record.number)
        if assembler is None or not assembler.can_be_interrupted:
            return True
        self._interrupting = True
        try:
            self._read_what_waits(other)
        finally:
            self._interrupting = False
        assembler = assemblers.get(record.number)
        if assembler is None or not assembler.can_be_interrupted:
            return True
        if assembler.certain or record.ended or record is self._settling:
            passthrough = self._passthrough.get(other.source.stream)
            if passthrough is not None:
                passthrough.release_begun(record.number)
            self._end_line(record, other.source.stream, assembler)
            return True
        if assembler.certain is None or self._settling is not None:
            return True
        if reading.has_waited():
            assembler.certain = None
        return assembler.certain is None

    def _end_line(self, record: KnownProcess, stream: Stream, assembler: LineAssembler) -> None:
        shown = bool(assembler.line)
        for lines in assembler.finish():
            self._on_lines(record, stream, lines)
        if shown:
            self._on_unfinished(record, stream, assembler)

    def _hang_up_soon(self, stream: Stream) -> None:
        # Not now: we may be in the middle of a read.
        self.loop.call_later(0, lambda: self._hang_up(stream))

    def _hang_up(self, stream: Stream) -> None:
        """Nobody reads what we hand on: whoever writes meets SIGPIPE and EPIPE, as without us."""
        for reading in [each for readings in self._open.values() for each in readings]:
            if reading.source.stream is stream:
                self._interrupting = True  # nothing waits any longer
                try:
                    writers = self._read_what_waits(reading)
                finally:
                    self._interrupting = False
                if reading.source.names_writers:
                    # To a writer that waits for room in a socket the kernel gives EPIPE alone.
                    for record in writers:
                        record.send(signal.SIGPIPE)
                self._close(reading)

    def _close(self, reading: StreamReading) -> None:
        if reading.source.descriptor >= 0:
            reading.unwatch()
            reading.source.close()
        for worker, readings in list(self._open.items()):
            if reading in readings:
                readings.remove(reading)
                if not readings:
                    del self._open[worker]
