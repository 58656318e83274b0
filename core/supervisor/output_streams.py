"""What workers write: one socket per stream, whose kernel credentials name the writer.

    process --write--> socket --recvmsg + SCM_CREDENTIALS--> OutputHub --> LineAssembler
                                                                |              |
                                                         Passthrough       on_lines
                                                       (only `record`)

A stream is read one piece a turn, so a flood in one never stalls another; while nobody reads, the
writer waits, as on any pipe. Sources: unix(7), SO_PASSCRED; systemd's journald does the same.
"""

from __future__ import annotations

import array
import contextlib
import fcntl
import os
import signal
import socket
import struct
import termios
from collections.abc import Callable

from ..vocabulary.events import Stream
from .line_assembler import LineAssembler, Lines
from .loop import EventLoop
from .passthrough import Passthrough
from .process_record import ProcessRecord

PIECE = 256 * 1024  # bytes read at a time
_CREDENTIALS = struct.Struct("=iII")
_CREDENTIALS_SPACE = socket.CMSG_SPACE(_CREDENTIALS.size)


class Source:
    """Our end of one stream. `read` gives (pid or 0, data), b"" at the end, or None for "later"."""

    def __init__(self, stream: Stream, descriptor: int, end: socket.socket | None) -> None:
        self.stream = stream
        self.descriptor = descriptor
        self._socket = end

    def read(self, buffer: bytearray) -> tuple[int, bytes] | None:
        """One piece that one process wrote."""
        try:
            if self._socket is None:
                return 0, os.read(self.descriptor, PIECE)
            count, ancillary, _, _ = self._socket.recvmsg_into([buffer], _CREDENTIALS_SPACE)
        except BlockingIOError:
            return None
        except ConnectionResetError:
            return 0, b""
        pid = 0
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
                pid = _CREDENTIALS.unpack_from(data)[0]
        return pid, bytes(memoryview(buffer)[:count])

    @property
    def names_writers(self) -> bool:
        """Whether the kernel says who wrote."""
        return self._socket is not None

    def waiting_bytes(self) -> int:
        """How much has been written and not yet read."""
        answer = array.array("i", [0])
        fcntl.ioctl(self.descriptor, termios.FIONREAD, answer)
        return answer[0]

    def close(self) -> None:
        """Give the descriptor back; the next write by a worker fails with EPIPE."""
        if self.descriptor >= 0:
            if self._socket is not None:
                # Closed with something unread, it would give the writer ECONNRESET, not EPIPE.
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RD)
                    while self._socket.recv(PIECE):
                        pass
                self._socket.close()
            else:
                os.close(self.descriptor)
            self.descriptor = -1


class WorkerOutput:
    """Both streams of one worker: our ends, and the far ends until the worker has them."""

    def __init__(self, sources: list[Source], far: list[int]) -> None:
        self.sources = sources
        self.far_stdout, self.far_stderr = far
        self._far = far

    def close_far_ends(self) -> None:
        """Only the worker and its descendants hold them from now on."""
        while self._far:
            os.close(self._far.pop())

    def close(self) -> None:
        """Give all descriptors back."""
        self.close_far_ends()
        for source in self.sources:
            source.close()


def open_output(as_pipes: bool) -> WorkerOutput:
    """New streams for a worker. Raises OSError."""
    sources: list[Source] = []
    far: list[int] = []
    try:
        for stream in (Stream.STDOUT, Stream.STDERR):
            source, far_end = _pipe(stream) if as_pipes else _socket(stream)
            sources.append(source)
            far.append(far_end)
    except OSError:  # no descriptor is left
        for source in sources:
            source.close()
        for descriptor in far:
            os.close(descriptor)
        raise
    return WorkerOutput(sources, far)


def _pipe(stream: Stream) -> tuple[Source, int]:
    near, far_end = os.pipe()
    os.set_blocking(near, False)
    return Source(stream, near, None), far_end


def _socket(stream: Stream) -> tuple[Source, int]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    ours.setblocking(False)
    theirs.shutdown(socket.SHUT_RD)
    return Source(stream, ours.fileno(), ours), theirs.detach()


class OutputHub:
    """Reads all streams of all workers and assembles lines per process.

    `on_lines(record, stream, lines)` is called for whole lines, `on_unfinished(record, stream,
    assembler)` when the line a process is still writing has changed.
    """

    def __init__(
        self,
        loop: EventLoop,
        find_writer: Callable[[int, ProcessRecord], ProcessRecord],
        on_lines: Callable[[ProcessRecord, Stream, Lines], None],
        on_unfinished: Callable[[ProcessRecord, Stream, LineAssembler], None],
    ) -> None:
        self.loop = loop
        self._find_writer = find_writer
        self._on_lines = on_lines
        self._on_unfinished = on_unfinished
        self._open: dict[int, list[Source]] = {}  # by worker number
        self._workers: dict[int, ProcessRecord] = {}
        self._assemblers: dict[tuple[int, Stream], LineAssembler] = {}
        self._buffer = bytearray(PIECE)
        self._passthrough: dict[Stream, Passthrough] = {}
        self._held = False

    def pass_through(self, stream: Stream, passthrough: Passthrough) -> None:
        """Hand on what comes by `stream`, as it came; it holds the writers back when it must."""
        self._passthrough[stream] = passthrough
        passthrough.on_room = lambda: self._set_reading(stream, True)
        passthrough.on_broken = lambda: self._hang_up_soon(stream)

    def add(self, output: WorkerOutput, worker: ProcessRecord) -> None:
        """Read this worker's streams from now on, until everybody who has them is gone."""
        assert worker.worker is not None
        self._open[worker.worker] = list(output.sources)
        self._workers[worker.worker] = worker
        for source in output.sources:
            self._watch(source, worker)

    def discard(self, output: WorkerOutput) -> None:
        """Forget the streams of a worker that did not come to be."""
        for source in output.sources:
            self._close(source)

    def settle(self, record: ProcessRecord) -> None:
        """`record` has ended: read what it left behind, and close its last line."""
        if record.worker is not None:
            for source in list(self._open.get(record.worker, ())):
                self._read_what_waits(source, self._workers[record.worker])
        for stream in (Stream.STDOUT, Stream.STDERR):
            assembler = self._assemblers.pop((record.number, stream), None)
            if assembler is not None:
                shown = bool(assembler.line)
                for lines in assembler.finish():
                    self._on_lines(record, stream, lines)
                if shown:
                    self._on_unfinished(record, stream, assembler)

    def hold(self, held: bool) -> None:
        """Stop reading, so that writers wait; or go on."""
        self._held = held
        for stream in (Stream.STDOUT, Stream.STDERR):
            self._set_reading(stream, not held)

    def waiting_passthrough(self) -> bool:
        """Whether something passed through is still on its way out."""
        for passthrough in self._passthrough.values():
            passthrough.release()
        return any(p.pending for p in self._passthrough.values())

    def close(self) -> None:
        """Close every stream."""
        for sources in list(self._open.values()):
            for source in list(sources):
                self._close(source)

    def _watch(self, source: Source, worker: ProcessRecord) -> None:
        if self._held:
            return
        self.loop.watch(source.descriptor, lambda events: self._on_ready(source, worker))

    def _on_ready(self, source: Source, worker: ProcessRecord) -> None:
        passthrough = self._passthrough.get(source.stream)
        if passthrough is not None and passthrough.congested:
            self._set_reading(source.stream, False)
            return
        self._read(source, worker)

    def _read_what_waits(self, source: Source, worker: ProcessRecord) -> set[ProcessRecord]:
        """Returns who wrote it."""
        # Bounded by what waits now: others may go on writing for ever.
        writers = set()
        remaining = source.waiting_bytes() if source.descriptor >= 0 else 0
        while remaining > 0 and source.descriptor >= 0:
            read = self._read(source, worker)
            if read is None:
                break
            record, count = read
            writers.add(record)
            remaining -= count
        return writers

    def _read(self, source: Source, worker: ProcessRecord) -> tuple[ProcessRecord, int] | None:
        """Take one piece in: (who wrote it, bytes); None when there is none."""
        piece = source.read(self._buffer)
        if piece is None:
            return None
        pid, data = piece
        if not data:
            self._close(source)
            return None
        record = self._find_writer(pid, worker) if pid and pid != worker.pid else worker
        passthrough = self._passthrough.get(source.stream)
        if passthrough is not None:
            passthrough.write(record.number, data)
        key = (record.number, source.stream)
        assembler = self._assemblers.get(key)
        if assembler is None:
            assembler = self._assemblers[key] = LineAssembler()
        for lines in assembler.feed(data):
            self._on_lines(record, source.stream, lines)
        if assembler.changed:
            self._on_unfinished(record, source.stream, assembler)
        if record.ended:
            # Its end was noticed before these last words were read.
            self.settle(record)
        return record, len(data)

    def _set_reading(self, stream: Stream, reading: bool) -> None:
        for worker, sources in self._open.items():
            for source in sources:
                if source.stream is stream:
                    if reading:
                        self._watch(source, self._workers[worker])
                    else:
                        self.loop.unwatch(source.descriptor)

    def _hang_up_soon(self, stream: Stream) -> None:
        # Not now: we may be in the middle of a read.
        self.loop.call_later(0, lambda: self._hang_up(stream))

    def _hang_up(self, stream: Stream) -> None:
        """Nobody reads what we hand on: whoever writes meets SIGPIPE and EPIPE, as without us."""
        for worker, sources in list(self._open.items()):
            for source in [s for s in sources if s.stream is stream]:
                writers = self._read_what_waits(source, self._workers[worker])
                if source.names_writers:
                    # To a writer that waits for room in a socket the kernel gives EPIPE alone.
                    for record in writers:
                        record.send(signal.SIGPIPE)
                self._close(source)

    def _close(self, source: Source) -> None:
        if source.descriptor >= 0:
            self.loop.unwatch(source.descriptor)
            source.close()
        for worker, sources in list(self._open.items()):
            if source in sources:
                sources.remove(source)
                if not sources:
                    del self._open[worker]
