"""Looking at processes from a test, straight from /proc.

The process of pytest is a child subreaper: what a test starts stays below it even when its parent
dies. So an orphan that has ended remains as a zombie until `reap_orphans` takes it, and a test
must not ask whether a pid exists but whether it `is_alive`.
"""

from __future__ import annotations

import ctypes
import os
import re

_PR_SET_CHILD_SUBREAPER = 36


def become_subreaper() -> None:
    """Let processes that lose their parent become children of this one."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def is_alive(pid: int) -> bool:
    """Does the process run? A zombie doesn't."""
    return _state(pid) not in ("", "Z", "X")


def start_time(pid: int) -> int | None:
    """When the kernel started it, in clock ticks since boot; None when there is no such process."""
    fields = _stat(pid)
    return int(fields[19]) if fields else None


def command_line(pid: int) -> str:
    """Its arguments joined by blanks; its short name where it has none."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            words = file.read().rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace")
        with open(f"/proc/{pid}/comm") as file:
            return words or f"[{file.read().strip()}]"
    except OSError:
        return "(ended)"


def children(pid: int) -> list[int]:
    """The direct children of a process, zombies included."""
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                found += map(int, file.read().split())
    except OSError:
        pass
    return found


def descendants(pid: int | None = None) -> list[int]:
    """All processes below `pid` (or below this process), parents first, zombies included."""
    found = children(os.getpid() if pid is None else pid)
    for child in found:  # grows while we go
        found += children(child)
    return found


def reap_orphans(keep: set[int]) -> None:
    """Take the exit status of ended children that are not in `keep`."""
    for pid in children(os.getpid()):
        if pid not in keep and _state(pid) == "Z":
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass


def _state(pid: int) -> str:
    fields = _stat(pid)
    return fields[0] if fields else ""


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty when there is no such process."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return re.sub(r"^\d+ \(.*\) ", "", file.read(), flags=re.DOTALL).split()
    except OSError:
        return []


def share_no_memory() -> None:
    """Give this process, and all that it starts from this thread, a /dev/shm of its own, where that
    is allowed: what the test beside it has there for a while is no leak of ours."""
    new_namespace, private = 0x00020000, 1 << 14 | 1 << 18  # CLONE_NEWNS; MS_REC | MS_PRIVATE
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0 or libc.unshare(new_namespace) != 0:
        return
    if libc.mount(b"none", b"/", None, ctypes.c_ulong(private), None) == 0:
        libc.mount(b"tmpfs", b"/dev/shm", b"tmpfs", ctypes.c_ulong(0), b"mode=1777")
