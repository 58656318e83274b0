"""What a thread waits in, as the kernel tells it."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Blocked(enum.Enum):
    """What a thread is in."""

    RUNS = "runs"
    READS = "reads"
    WRITES = "writes"
    ACCEPTS = "accepts"
    CONNECTS = "connects"
    POLLS = "polls"
    SLEEPS = "sleeps"
    CHILD = "child"
    LOCK = "lock"
    FILE_LOCK = "file lock"
    SIGNAL = "signal"
    DISK = "disk"
    OTHER = "other"


class ThreadState(NamedTuple):
    """`on`: what a descriptor is that it waits for: "pipe", "socket", "terminal", or the path of a
    file; "" where the call has none, or that is not known. `cpu_seconds`: that it has used so far;
    `channel`: the kernel's function that an OTHER one waits in, where that is told."""

    thread: int  # the kernel's number of it; that of the main thread is the pid
    blocked: Blocked
    on: str = ""
    cpu_seconds: float = 0.0
    channel: str = ""
