"""What a thread waits in, as the kernel tells it, in a few words."""

from __future__ import annotations

from ..printable import printable
from ..translation import mark, tr
from ..vocabulary.blocked import Blocked, ThreadState
from .duration import duration

_WORDS = {
    Blocked.RUNS: mark("computes"),
    Blocked.READS: mark("waits in a read"),
    Blocked.WRITES: mark("waits in a write"),
    Blocked.ACCEPTS: mark("waits for a connection"),
    Blocked.CONNECTS: mark("waits to be connected"),
    Blocked.POLLS: mark("waits for any of several files, pipes or sockets"),
    Blocked.SLEEPS: mark("sleeps"),
    Blocked.CHILD: mark("waits for a child to end"),
    Blocked.LOCK: mark("waits for a lock, or for another thread"),
    Blocked.FILE_LOCK: mark("waits for a lock on a file"),
    Blocked.SIGNAL: mark("waits for a signal"),
    Blocked.DISK: mark("waits for a disk"),
    Blocked.OTHER: mark("waits in the kernel"),
}
_READS = {
    "pipe": mark("waits in a read of a pipe"),
    "socket": mark("waits in a read of a socket"),
    "terminal": mark("waits for input from a terminal"),
}
_WRITES = {
    "pipe": mark("waits in a write to a pipe that is full"),
    "socket": mark("waits in a write to a socket that is full"),
    "terminal": mark("waits in a write to a terminal"),
}


def processor_time(state: ThreadState) -> str:
    """How long it has computed in all: "1.2 s of CPU time"."""
    return tr("{time} of CPU time", time=duration(state.cpu_seconds))


def blocking(state: ThreadState) -> str:
    """What follows the name of the thread."""
    more = {Blocked.READS: _READS, Blocked.WRITES: _WRITES}.get(state.blocked, {})
    if state.on in more:
        return tr(more[state.on])
    told = tr(_WORDS[state.blocked])
    if state.channel:
        return tr("{waits} ({function})", waits=told, function=printable(state.channel))
    if state.on.startswith("/"):
        return tr("{waits}: {file}", waits=told, file=printable(state.on))
    return told
