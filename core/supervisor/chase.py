"""Ending those that fork and end faster than one can look at them.

    children of ours (/proc) --whose? worker--> SIGKILL, again and again for a few milliseconds
    process groups that the tree has made  ---> SIGKILL to all members at once

Such a process lives for some 100 us: none of it is recorded or held here, a look costs a read and a
signal. That is safe for our own children alone, whose pids are not given away until we reap them:
what forks and ends leaves its children to us. The kernel sends a signal to a whole group or to none
of it, forks under way included (https://docs.kernel.org: copy_process and tasklist_lock).
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable

from ..observe import proc_files
from .known_process import KnownProcess
from .process_registry import ProcessRegistry

_SECONDS = 0.02  # in one turn of the loop


def strike_orphans(
    registry: ProcessRegistry, target: KnownProcess, spares: Callable[[int], bool]
) -> None:
    """SIGKILL to children of ours that belong to the worker `target`, or to any if it is the root;
    nobody whose launcher is unknown is hit for one worker, and no pid that `spares` names."""
    if target is not registry.root and registry.workers.get(target.worker or 0) is not target:
        return  # whose they are, only a worker's environment can tell
    until = time.monotonic() + _SECONDS
    spared: set[int] = set()
    struck: set[int] = set()
    while time.monotonic() < until:
        children = set(proc_files.read_children(os.getpid())) - spared
        for pid in children - struck:
            if _belongs(registry, pid, target) and not spares(pid):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
                    _note(registry, pid)
                struck.add(pid)
            else:
                spared.add(pid)
        for pid in list(struck):
            if _reaped(registry, pid):  # else the next look would be the longer
                struck.discard(pid)


def _reaped(registry: ProcessRegistry, pid: int) -> bool:
    """Take a child that ended and that nobody knows; it is only counted."""
    known = registry.by_pid(pid)
    if known is not None and known.alive:
        return False  # its end is told
    with contextlib.suppress(ChildProcessError):
        if not os.waitpid(pid, os.WNOHANG)[0]:
            return False
        registry.count_unseen()
    return True


def strike_groups(
    registry: ProcessRegistry, members: list[KnownProcess], target: KnownProcess
) -> None:
    """SIGKILL to the process groups of `members` that the tree below `target` has made."""
    groups = set()
    for record in members:
        with contextlib.suppress(OSError):
            groups.add(os.getpgid(record.pid))
    for group in groups - {os.getpgrp()}:
        leader = registry.by_pid(group)
        # Whoever is in a group that one of the tree leads was put there by the tree.
        if leader is not None and leader is not registry.root and leader.is_below(target):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
                for record in members:
                    with contextlib.suppress(OSError):
                        if os.getpgid(record.pid) == group:
                            record.sent = signal.SIGKILL


def _note(registry: ProcessRegistry, pid: int) -> None:
    record = registry.by_pid(pid)
    if record is not None and record.alive:
        record.sent = signal.SIGKILL


def _belongs(registry: ProcessRegistry, pid: int, target: KnownProcess) -> bool:
    record = registry.by_pid(pid)
    if record is not None and record.alive:
        return record.worker is not None and (
            target.parent is None or record.worker == target.worker
        )
    if target.parent is None:
        return True
    with contextlib.suppress(OSError):
        if os.getsid(pid) == target.pid:
            return True
    return registry.attributed(pid) == target.worker
