"""How a process ended that has ended: its wait status, from whoever knows it.

a child of ours --------------------> waitpid
the kernel has announced it --------> `status` of its record
nobody has reaped it yet -----------> /proc
somebody has, on Linux 6.15 or newer -> its pidfd
"""

from __future__ import annotations

import os

from ..observe import kernel, proc_files
from .known_process import KnownProcess


def reaped(record: KnownProcess) -> int | None:
    """Its status if it is a child of ours, which is reaped by that; None for another's."""
    if record.pidfd < 0 and not _has_its_pid(record):
        return None
    try:
        pid, status = os.waitpid(record.pid, os.WNOHANG)
    except ChildProcessError:
        return None
    return status if pid else None


def as_others_know(record: KnownProcess) -> int | None:
    """Its status, as others know it who tell us."""
    if record.status is not None:
        return record.status
    status = proc_files.read_exit_status(record.pid, record.start_ticks)
    if status is not None:
        return status
    # Asked last: who is reaped between the two questions has an answer to this one.
    return kernel.exit_status(record.pidfd) if record.pidfd >= 0 else None


def _has_its_pid(record: KnownProcess) -> bool:
    stat = proc_files.read_stat(record.pid)
    return stat is not None and stat.start_ticks == record.start_ticks
