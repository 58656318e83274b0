"""Ending what a dead supervisor left behind.

All that it had launched becomes a child of the next subreaper above: of the guardian, or of the
window when that is gone too. Stopping all of it first, then killing, leaves nobody the time to
fork.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time

from ..observe import proc_files

_PATIENCE_SECONDS = 5.0


def end_children_except(spared: set[int]) -> int:
    """SIGKILL every descendant of this process but `spared`; returns how many there were.

    Children of ours cannot be reaped by anybody else, so their pids are safe to use until we do.
    """
    ended: set[int] = set()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        held: set[int] = set()
        while fresh := set(_descendants(spared)) - held:
            for pid in fresh:
                _send(pid, signal.SIGSTOP)
            held |= fresh
        if not held:
            break
        for pid in held:
            _send(pid, signal.SIGKILL)
        ended |= held
        for pid in set(proc_files.read_children(os.getpid())) - spared:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
    return len(ended)


def _descendants(spared: set[int]) -> list[int]:
    found: list[int] = []
    waiting = [pid for pid in proc_files.read_children(os.getpid()) if pid not in spared]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting.extend(proc_files.read_children(pid))
    return found


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
