"""Forks, execs and exits as the kernel announces them: the proc connector.

    kernel --netlink multicast--> ForkEvents.read() -> Forked | Executed | Exited

Only a process with CAP_NET_ADMIN in the first user namespace may listen. Where we may not, the
supervisor falls back to looking for children when something stirs, and then a process that lives
for a few milliseconds, writes nothing and is reaped by its own parent can be missed.

Source: linux/cn_proc.h, linux/connector.h. A classic BPF filter in the socket keeps threads and
the many other kinds of event away from us, so a busy machine does not wake the supervisor.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
from typing import NamedTuple

_NETLINK_CONNECTOR = 11
_CN_IDX_PROC = 1
_CN_VAL_PROC = 1
_NLMSG_DONE = 3
_LISTEN = 1
_FORK, _EXEC, _EXIT = 0x1, 0x2, 0x80000000
_EVENT = 36  # offset of the event behind the netlink (16) and connector (20) headers
_DATA = _EVENT + 16
_SO_ATTACH_FILTER = 26
_SO_RCVBUFFORCE = 33
_MOST_READ = 1024


class Forked(NamedTuple):
    """`pid` was forked by `parent`; `event_ns`: of the monotonic clock."""

    pid: int
    parent: int
    event_ns: int


class Executed(NamedTuple):
    """`pid` runs another program now."""

    pid: int


class Exited(NamedTuple):
    """`pid` ended with this wait status."""

    pid: int
    status: int


class ForkEvents:
    """A subscription. Raises OSError where the kernel or our rights do not allow one."""

    def __init__(self) -> None:
        self._socket = socket.socket(
            socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, _NETLINK_CONNECTOR
        )
        try:
            self._socket.bind((0, _CN_IDX_PROC))
            self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 4 << 20)
            operation = struct.pack("=IIIIHHI", _CN_IDX_PROC, _CN_VAL_PROC, 0, 0, 4, 0, _LISTEN)
            header = struct.pack("=IHHII", 16 + len(operation), _NLMSG_DONE, 0, 0, os.getpid())
            self._socket.send(header + operation)
            self._expect_answer()
            self._attach_filter()
        except OSError:
            self._socket.close()
            raise

    def fileno(self) -> int:
        """For epoll: readable when there are events."""
        return self._socket.fileno()

    def read(self) -> tuple[list[Forked | Executed | Exited], bool, bool]:
        """What is there now, in order, up to 1024 events at a time; whether some were lost for
        want of space; and whether that was all."""
        found: list[Forked | Executed | Exited] = []
        lost = whole = False
        for _ in range(_MOST_READ):
            try:
                data = self._socket.recv(256)
            except BlockingIOError:
                whole = True
                break
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                lost = True
                continue
            if len(data) < _DATA + 16:
                continue
            what, _, event_ns = struct.unpack_from("=IIQ", data, _EVENT)
            first, second, third, fourth = struct.unpack_from("=IIII", data, _DATA)
            if what == _FORK and third == fourth:
                found.append(Forked(fourth, second, event_ns))
            elif what == _EXEC:
                found.append(Executed(second))
            elif what == _EXIT and first == second:
                found.append(Exited(second, third))
        return found, lost, whole

    def close(self) -> None:
        """End the subscription."""
        self._socket.close()

    def _expect_answer(self) -> None:
        # The kernel answers at once, inside send(); in a container it stays silent instead of
        # saying no, and no event would ever come.
        while True:
            data = self._socket.recv(256)
            (what,) = struct.unpack_from("=I", data, _EVENT)
            if what == 0:
                (error,) = struct.unpack_from("=I", data, _DATA)
                if error:
                    raise OSError(error, os.strerror(error))
                return

    def _attach_filter(self) -> None:
        # BPF loads words in network order, the kernel writes them in its own.
        def word(value: int) -> int:
            return int(socket.htonl(value))

        load, accept, jump_equal = 0x20, 0x06, 0x15
        program = [
            (load, 0, 0, _EVENT),
            (jump_equal, 1, 0, word(_EXEC)),
            (jump_equal, 0, 2, word(_FORK)),
            (accept, 0, 0, 0xFFFFFFFF),
            (accept, 0, 0, 0),
            (jump_equal, 0, 1, word(_EXIT)),
            (accept, 0, 0, 0xFFFFFFFF),
            (accept, 0, 0, 0),
        ]
        code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
        buffer = ctypes.create_string_buffer(code)
        fprog = struct.pack("HL", len(program), ctypes.addressof(buffer))
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, fprog)
