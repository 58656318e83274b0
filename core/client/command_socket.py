"""Commands on their way to the supervisor; to give one never makes anybody wait.

    put(command) --> waiting --flush, as many as fit--> SEQPACKET socket --> supervisor
                        ^                                   |
                        '------- when there is room --------'

A socket takes some hundreds of packets. What does not fit, because the supervisor is busy or
stopped, waits here in its order; `flush` is called when the socket is writable (`blocked` says
whether to wait for that) and whenever events were received. Of acknowledgements only the newest
counts, so one waits at most, and it goes before the commands.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import termios
from collections import deque
from typing import TYPE_CHECKING

from ..translation import tr

# Loaded before the window's first paint: what is not needed for that is imported when it is used.
if TYPE_CHECKING:
    from ..vocabulary.commands import Command

_LARGEST_MESSAGE = 100_000  # bytes; what a socket takes in one piece with default limits


class ClientError(Exception):
    """A command could not be given: one sentence."""


class CommandSocket:
    """One end of the socket; all calls come from one thread. `theirs`: the supervisor's end.

    `blocked`: commands wait until the socket is writable. `closed`: by us, or since the supervisor
    has ended."""

    def __init__(self) -> None:
        self._socket, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.setblocking(False)
        self._waiting: deque[tuple[bytes, int]] = deque()  # (packet, its file in memory or -1)
        self._acknowledged = 0  # the number to be told; 0 when there is none
        self.blocked = False
        self.closed = False

    def fileno(self) -> int:
        """Writable when there is room for a command."""
        return self._socket.fileno()

    def put(self, command: Command) -> None:
        """Send `command`, at once or when there is room. ClientError when it never will be."""
        import msgspec

        data, memory = msgspec.msgpack.encode(command), -1
        if not self.closed and len(data) > _LARGEST_MESSAGE:
            try:
                data, memory = b"\0", _in_memory(data)
            except OSError as error:
                raise ClientError(
                    tr("The command cannot be given: {error}.", error=error.strerror)
                ) from None
        self._waiting.append((data, memory))
        self.flush()
        if self.closed:
            raise ClientError(tr("The supervisor has ended; start a new session."))

    def acknowledge(self, number: int) -> None:
        """All batches up to `number` were taken; 0 for none. Never raises: events come first."""
        self._acknowledged = max(self._acknowledged, number)
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as there is room."""
        import msgspec

        from ..vocabulary.commands import Acknowledge

        self.blocked = False
        try:
            while self._acknowledged and not self.closed:
                self._send(msgspec.msgpack.encode(Acknowledge(self._acknowledged)), -1)
                self._acknowledged = 0
            while self._waiting and not self.closed:
                self._send(*self._waiting[0])
                _close(self._waiting.popleft()[1])
        except BlockingIOError:
            self.blocked = True
        except (BrokenPipeError, ConnectionResetError):
            self.close()
        except OSError:
            return  # too much is under way on this machine: the next flush tries again
        if self.closed:
            self._forget()

    @property
    def unread(self) -> bool:
        """Whether the supervisor has yet to read something that was put or acknowledged."""
        if self.closed:
            return False
        queued = fcntl.ioctl(self._socket, termios.TIOCOUTQ, bytes(4))
        return bool(self._waiting or struct.unpack("i", queued)[0])

    def close(self) -> None:
        """Let go; what has not been sent is not sent any more. The supervisor sees the end."""
        self.closed = True
        self.blocked = False
        self._socket.close()
        self._forget()

    def _send(self, data: bytes, memory: int) -> None:
        if memory >= 0:
            socket.send_fds(self._socket, [data], [memory])
        else:
            self._socket.send(data)

    def _forget(self) -> None:
        self._acknowledged = 0
        while self._waiting:
            _close(self._waiting.popleft()[1])


def _in_memory(data: bytes) -> int:
    """A long command (thousands of arguments) travels as a file in memory."""
    memory = os.memfd_create("spawnscope-command")
    try:
        with open(memory, "wb", closefd=False) as sink:
            sink.write(data)
        os.lseek(memory, 0, os.SEEK_SET)
    except BaseException:
        os.close(memory)
        raise
    return memory


def _close(memory: int) -> None:
    if memory >= 0:
        os.close(memory)
