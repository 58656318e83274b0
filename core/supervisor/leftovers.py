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
from ..probe._spawnscope_probe import hook_points

PATIENCE_SECONDS = 5.0
_SWEEP_SECONDS = 1.0  # in one go; what still appears by then is killed first, and looked for again
_TRACKER_SECONDS = 3.0  # for multiprocessing's resource trackers
_PAUSE_SECONDS = 0.005


def end_children_except(spared: set[int], seconds: float = PATIENCE_SECONDS) -> int:
    """SIGKILL every descendant of this process but `spared`; returns how many there were.

    Children of ours cannot be reaped by anybody else, so their pids are safe to use until we do.
    Takes at most `seconds`: those that we may not signal, or that the kernel holds, live on.
    """
    ended: set[int] = set()
    refused: set[int] = set()
    deadline = time.monotonic() + seconds
    patient_until = min(deadline, time.monotonic() + _TRACKER_SECONDS)
    while time.monotonic() < deadline:
        held: set[int] = set()
        sweep_until = min(deadline, time.monotonic() + _SWEEP_SECONDS)
        while fresh := set(_descendants(spared)) - held - refused:
            for pid in fresh:
                if not _send(pid, signal.SIGSTOP):
                    refused.add(pid)
            held |= fresh - refused
            if time.monotonic() > sweep_until:
                break
        # They end by themselves when their users have, and clean up after them.
        trackers = {pid for pid in held if _is_tracker(pid)}
        if trackers and time.monotonic() < patient_until:
            for pid in trackers:
                _send(pid, signal.SIGCONT)
            if held == trackers:
                _reap(spared | refused, min(patient_until, time.monotonic() + _PAUSE_SECONDS))
                continue
            held -= trackers
        if not held:
            break
        for pid in held:
            _send(pid, signal.SIGKILL)
        ended |= held
        _reap(spared | refused | (trackers - held), deadline)
    return len(ended)


def _reap(left_alone: set[int], deadline: float) -> None:
    """Take our children that have just been killed."""
    waiting = set(proc_files.read_children(os.getpid())) - left_alone
    while waiting and time.monotonic() < deadline:
        for pid in list(waiting):
            try:
                reaped = os.waitpid(pid, os.WNOHANG)[0]
            except ChildProcessError:
                reaped = pid
            if reaped:
                waiting.discard(pid)
        if waiting:
            time.sleep(_PAUSE_SECONDS)


def _descendants(spared: set[int]) -> list[int]:
    found: list[int] = []
    waiting = [pid for pid in proc_files.read_children(os.getpid()) if pid not in spared]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting.extend(proc_files.read_children(pid))
    return found


def _is_tracker(pid: int) -> bool:
    return hook_points.is_tracker(" ".join(proc_files.read_cmdline(pid)))


def _send(pid: int, number: int) -> bool:
    """False when we may not."""
    with contextlib.suppress(ProcessLookupError):
        try:
            os.kill(pid, number)
        except PermissionError:
            return False
    return True
