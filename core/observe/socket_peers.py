"""Which two Unix sockets are connected, asked of the kernel: see sock_diag(7).

    inode --NETLINK_SOCK_DIAG--> UNIX_DIAG_PEER --> inode of the other end

Anybody may ask that of sockets in the same network namespace.
"""

from __future__ import annotations

import socket
import struct

_NETLINK_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY = 4, 20
_REQUEST, _SHOW_PEER, _PEER = 1, 0x4, 2  # NLM_F_REQUEST, UDIAG_SHOW_PEER, UNIX_DIAG_PEER
_HEADER = struct.Struct("=IHHII")  # nlmsghdr
_QUESTION = struct.Struct("=BBHIIIII")  # unix_diag_req
_ANSWER_BYTES = 16  # unix_diag_msg
_ATTRIBUTE = struct.Struct("=HH")
_ANY = 0xFFFFFFFF


def peer_of(inode: int) -> int | None:
    """The inode of the socket that the Unix socket with this inode is connected to; None where
    there is none, or the kernel does not tell."""
    question = _QUESTION.pack(socket.AF_UNIX, 0, 0, _ANY, inode, _SHOW_PEER, _ANY, _ANY)
    header = _HEADER.pack(_HEADER.size + len(question), _SOCK_DIAG_BY_FAMILY, _REQUEST, 0, 0)
    try:
        with socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG
        ) as kernel:
            kernel.settimeout(0.05)
            kernel.send(header + question)
            answer = kernel.recv(4096)
    except OSError:
        return None
    return _parsed(answer)


def _parsed(answer: bytes) -> int | None:
    if len(answer) < _HEADER.size or _HEADER.unpack_from(answer)[1] != _SOCK_DIAG_BY_FAMILY:
        return None
    at = _HEADER.size + _ANSWER_BYTES
    while at + _ATTRIBUTE.size <= len(answer):
        length, kind = _ATTRIBUTE.unpack_from(answer, at)
        if length < _ATTRIBUTE.size:
            return None
        if kind == _PEER and length >= 8 and at + 8 <= len(answer):
            return int(struct.unpack_from("=I", answer, at + 4)[0]) or None
        at += (length + 3) // 4 * 4
    return None
