"""Which two ends belong to one connection.

by internet addresses: HERE>THERE is the other end of THERE>HERE
by Unix sockets:       the kernel knows the inode of the other one
"""

from __future__ import annotations

import re

from ..observe import socket_peers
from .shared_object import SharedObject

_IDENTITY = re.compile(r"pipe:fd:\d+:(\d+)(?:@(.+)>(.+))?", re.DOTALL)
_MOST = 10_000  # ends that wait for their others


class ConnectionEnds:
    """Remembers ends whose other ends are not known yet."""

    def __init__(self) -> None:
        self._ends: dict[str, SharedObject] = {}

    def other(self, end: SharedObject) -> SharedObject | None:
        """The other end of one that is new, if that is known; else this one is remembered."""
        found = _IDENTITY.fullmatch(end.identity)
        if found is None:
            return None
        inode, here, there = found.groups()
        if here is not None:
            own, wanted = f"{here}>{there}", f"{there}>{here}"
        else:
            peer = socket_peers.peer_of(int(inode))
            own, wanted = inode, "" if peer is None else str(peer)
        known = self._ends.pop(wanted, None)
        if known is None and len(self._ends) < _MOST:
            self._ends[own] = end
        return known
