"""Handing output on to a descriptor that we share with others, without ever waiting for it.

The descriptor is the terminal, file or pipe that `record` was started with. It is shared with the
shell, so it must not be made non-blocking: a terminal or pipe is opened once more, through /proc,
to have a description of our own. Where that is not allowed (a terminal of another user) we write
at most PIPE_BUF bytes at a time, and only when the kernel says that there is room, which never
blocks on a pipe that only we write to (pipe(7), poll(2)).

Unbuffered programs write a line in several pieces. So that lines of different processes do not
get mixed, a piece without a newline waits a moment for the rest of its line.
"""

from __future__ import annotations

import os
import select
import stat
from collections import deque
from collections.abc import Callable

from .loop import WRITABLE, EventLoop

_LINE_SECONDS = 0.02  # how long a piece waits for the rest of its line
_LONGEST_HELD = 4096  # bytes; more of one line goes out at once
_CONGESTED = 1 << 20  # bytes waiting at which the writers are held back


class Passthrough:
    """Writes to `descriptor` in order. `on_room`: congestion is over; `on_broken`: nobody reads, or
    it cannot be written; `on_failed(error)`: the latter."""

    def __init__(self, loop: EventLoop, descriptor: int) -> None:
        self._loop = loop
        self._descriptor, self._waits = _own_description(descriptor)
        self._begun: dict[int, bytes] = {}  # by writer: a line whose end has not come
        self._new: list[bytes] = []  # written and not yet sent
        self._timing = False
        self._pending: deque[memoryview] = deque()
        self._size = 0
        self._broken = False
        self._watched = False
        self.on_room: Callable[[], None] = lambda: None
        self.on_broken: Callable[[], None] = lambda: None
        self.on_failed: Callable[[OSError], None] = lambda error: None
        self._poll = select.poll()
        self._poll.register(self._descriptor, select.POLLOUT)
        if not self._can_be_watched():
            self._waits = False  # a regular file: always has room

    @property
    def pending(self) -> bool:
        """Whether something still waits for room."""
        return bool(self._pending)

    @property
    def congested(self) -> bool:
        """Whether so much waits that no more should be read."""
        return self._size > _CONGESTED

    def write(self, writer: int, data: bytes) -> None:
        """Hand on what process number `writer` wrote, with the next `send`."""
        if self._broken:
            return
        if writer in self._begun:
            data = self._begun.pop(writer) + data
        end = data.rfind(b"\n") + 1
        if len(data) - end > _LONGEST_HELD:
            end = len(data)
        if end < len(data):
            self._begun[writer] = data[end:]
            if not self._timing:
                self._timing = True
                self._loop.call_later(_LINE_SECONDS, self.release)
        if end:
            self._new.append(data[:end])

    def write_lines(self, data: bytes) -> None:
        """The same for whole lines of processes that have begun no other."""
        if not self._broken:
            self._new.append(data)

    def send(self) -> None:
        """Hand on what was written, now or when there is room."""
        if self._new:
            data = b"".join(self._new)
            self._new.clear()
            if not self._broken:
                self._pending.append(memoryview(data))
                self._size += len(data)
                if not self._watched:
                    self._on_writable(0)

    def release(self) -> None:
        """Do not wait for the ends of lines any longer."""
        self._timing = False
        self._new += self._begun.values()
        self._begun.clear()
        self.send()

    def release_begun(self, writer: int) -> None:
        """Do not wait for the end of the line that this one has begun."""
        if writer in self._begun:
            self._new.append(self._begun.pop(writer))
            self.send()

    def close(self) -> None:
        """Give the copy of the descriptor back."""
        self._stop_watching()
        os.close(self._descriptor)

    def _can_be_watched(self) -> bool:
        try:
            self._loop.watch(self._descriptor, self._on_writable, WRITABLE)
        except PermissionError:
            return False
        self._loop.unwatch(self._descriptor)
        return True

    def _on_writable(self, events: int) -> None:
        was_congested = self.congested
        try:
            while self._pending:
                if self._waits and not self._poll.poll(0):
                    break
                first = self._pending[0]
                step = select.PIPE_BUF if self._waits else len(first)
                written = os.write(self._descriptor, first[:step])
                self._size -= written
                if written == len(first):
                    self._pending.popleft()
                else:
                    self._pending[0] = first[written:]
        except BlockingIOError:
            pass  # the kernel promised more than it keeps: wait for the next time
        except OSError as error:
            self._broken = True
            self._pending.clear()
            self._begun.clear()
            self._size = 0
            self._stop_watching()
            if not isinstance(error, (BrokenPipeError, ConnectionResetError)):
                self.on_failed(error)
            self.on_broken()
            return
        if self._pending and not self._watched:
            self._loop.watch(self._descriptor, self._on_writable, WRITABLE)
            self._watched = True
        elif not self._pending:
            self._stop_watching()
        if was_congested and not self.congested:
            self.on_room()

    def _stop_watching(self) -> None:
        if self._watched:
            self._loop.unwatch(self._descriptor)
            self._watched = False


def _own_description(descriptor: int) -> tuple[int, bool]:
    """A copy, and whether a write to it waits for room."""
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISFIFO(mode) or os.isatty(descriptor):
        flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        try:
            return os.open(f"/proc/self/fd/{descriptor}", flags), False
        except OSError:
            pass
    return os.dup(descriptor), True
