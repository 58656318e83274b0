"""Both ends of what a worker writes to, and the pieces as the kernel hands them over.

    process --write--> socket --recvmmsg + SCM_CREDENTIALS--> Source.pieces: (pid, bytes) ...
                       (holds what waits)

Sources: unix(7), SO_PASSCRED; systemd's journald does the same.
"""

from __future__ import annotations

import array
import contextlib
import fcntl
import os
import socket
import termios
from collections import deque

from ..vocabulary.events import Stream
from .piece_reader import PieceReader

PIECE = 256 * 1024  # bytes read at a time from a pipe
# Bytes of the kernel's memory that may wait in a socket, of which a line takes about 1 KB: so much
# that a writer rarely waits while we let lines gather. (The kernel gives twice of it.)
_DEPTH = 1 << 21
_SO_SNDBUFFORCE = 32
_WRITE_OVERHEAD = 768  # bytes that each write takes beside what was written


class Source:
    """Our end of one stream. `pieces`: (pid or 0, data) as they were read and not yet taken in;
    `more`: there is more behind them; `at_end`: nothing will ever come behind them."""

    def __init__(self, stream: Stream, descriptor: int, end: socket.socket | None) -> None:
        self.stream = stream
        self.descriptor = descriptor
        self.pieces: deque[tuple[int, bytes]] = deque()
        self.more = False
        self.at_end = False
        self.depth = _DEPTH
        self._socket = end

    def read(self, reader: PieceReader) -> int:
        """Append what waits to `pieces`, as much as is read in one go; how many bytes that was."""
        self.more = False
        try:
            if self._socket is None:
                data = os.read(self.descriptor, PIECE)
                self.at_end = not data
                self.more = len(data) == PIECE
                found = [(0, data)] if data else []
            else:
                found, self.more, self.at_end = reader.read(self.descriptor)
        except BlockingIOError:
            return 0
        except ConnectionResetError:
            self.at_end = True
            return 0
        self.pieces.extend(found)
        return sum([len(data) for _, data in found])

    @property
    def names_writers(self) -> bool:
        """Whether the kernel says who wrote."""
        return self._socket is not None

    def share_of_depth(self, count: int, lines: int) -> float:
        """How full so many bytes, a write a line, make it, about."""
        overhead = _WRITE_OVERHEAD * lines if self._socket is not None else 0
        return (count + overhead) / self.depth

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

    @property
    def identity(self) -> str:
        """What tells the far ends from all other files: "device:inode" of each."""
        places = map(os.fstat, (self.far_stdout, self.far_stderr))
        return " ".join(f"{place.st_dev}:{place.st_ino}" for place in places)

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
    with contextlib.suppress(OSError):  # over the user's limit of pipe memory
        fcntl.fcntl(near, fcntl.F_SETPIPE_SZ, _DEPTH)
    source = Source(stream, near, None)
    source.depth = fcntl.fcntl(near, fcntl.F_GETPIPE_SZ)
    return source, far_end


def _socket(stream: Stream) -> tuple[Source, int]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    ours.setblocking(False)
    try:
        theirs.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, _DEPTH)
    except PermissionError:  # not root: as much as the system allows
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _DEPTH)
    source = Source(stream, ours.fileno(), ours)
    source.depth = theirs.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
    theirs.shutdown(socket.SHUT_RD)
    return source, theirs.detach()
