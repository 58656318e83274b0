"""What waits in a socket, and who wrote it, in one call: recvmmsg, which Python does not offer.

A message holds what one process wrote, of up to SLOT bytes: the kernel ends it where another
process goes on. So two processes that print in turn make a message of each line, and a call for
each would be most of the work. Source: recvmmsg(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket

SLOT = 1024  # bytes of a message
SLOTS = 128  # messages of a call

_CREDENTIALS = 12  # bytes of struct ucred: pid, uid, gid
_SPACE = socket.CMSG_SPACE(_CREDENTIALS)
_PID_AT = socket.CMSG_LEN(0)


class _Span(ctypes.Structure):  # struct iovec
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class _Header(ctypes.Structure):  # struct msghdr
    _fields_ = [
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("spans", ctypes.POINTER(_Span)),
        ("span_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    ]


class _Message(ctypes.Structure):  # struct mmsghdr
    _fields_ = [("header", _Header), ("received", ctypes.c_uint32)]


class PieceReader:
    """Reads from sockets with SO_PASSCRED. One serves all of them, one after another."""

    def __init__(self) -> None:
        self._read = ctypes.CDLL(None, use_errno=True).recvmmsg
        self._buffer = bytearray(SLOT * SLOTS)
        self._control = bytearray(_SPACE * SLOTS)
        self._spans = (_Span * SLOTS)()
        self._messages = (_Message * SLOTS)()
        data = ctypes.addressof(ctypes.c_char.from_buffer(self._buffer))
        control = ctypes.addressof(ctypes.c_char.from_buffer(self._control))
        for index, (span, message) in enumerate(zip(self._spans, self._messages, strict=True)):
            span.base, span.length = data + index * SLOT, SLOT
            header = message.header
            header.spans, header.span_count = ctypes.pointer(span), 1
            header.control, header.control_length = control + index * _SPACE, _SPACE
        # The kernel writes into the messages; each call begins with what they were at first.
        self._bytes = memoryview(self._messages).cast("B")
        self._fresh = bytes(self._bytes)
        step = ctypes.sizeof(_Message) // 4
        self._lengths = self._bytes.cast("I")[_Message.received.offset // 4 :: step]
        self._pids = memoryview(self._control).cast("i")[_PID_AT // 4 :: _SPACE // 4]
        self._view = memoryview(self._buffer)

    def read(self, descriptor: int) -> tuple[list[tuple[int, bytes]], bool, bool]:
        """([(pid that wrote it, data)], whether more may wait, whether that was the end). Raises
        BlockingIOError when nothing waits, and other OSErrors."""
        count = self._read(descriptor, self._messages, SLOTS, socket.MSG_DONTWAIT, None)
        if count < 0:
            number = ctypes.get_errno()
            if number == errno.EINTR:
                number = errno.EAGAIN  # its signal is waited for elsewhere; then we come again
            raise OSError(number, os.strerror(number))
        lengths, pids = self._lengths[:count].tolist(), self._pids[:count].tolist()
        used = count * ctypes.sizeof(_Message)
        self._bytes[:used] = self._fresh[:used]
        raw = bytes(self._view[: count * SLOT])
        starts = range(0, count * SLOT, SLOT)
        at_end = 0 in lengths
        if at_end or SLOT in lengths:
            found = _joined(raw, starts, pids, lengths)
        else:
            found = [
                (pid, raw[start : start + length])
                for pid, start, length in zip(pids, starts, lengths, strict=True)
            ]
        return found, count == SLOTS and not at_end, at_end


def _joined(
    raw: bytes, starts: range, pids: list[int], lengths: list[int]
) -> list[tuple[int, bytes]]:
    """Pieces, where a full slot and what the same process wrote behind it are one; up to a slot
    with nothing, which is the end."""
    found: list[tuple[int, bytes]] = []
    first = -1  # the slot at which a piece begins that is not over
    for index, (pid, start, length) in enumerate(zip(pids, starts, lengths, strict=True)):
        if first >= 0 and (pid != pids[first] or not length):
            found.append((pids[first], raw[starts[first] : start]))
            first = -1
        if not length:
            break
        if first < 0:
            first = index
        if length < SLOT or index == len(pids) - 1:
            found.append((pid, raw[starts[first] : start + length]))
            first = -1
    return found
