"""What /proc says of a process. Linux only; see proc_pid_stat(5).

Each function returns None (or nothing) for a process that is gone or hidden from us: that a
process ends between two looks is ordinary.
"""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterable
from typing import NamedTuple

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
LONGEST_CMDLINE = 4096  # bytes

STATES = {
    "R": "running",
    "S": "sleeping",
    "D": "disk sleep",  # untranslated: a code
    "T": "stopped",
    "t": "traced",
    "Z": "zombie",
    "X": "dead",
    "I": "idle",
}


class ProcessStat(NamedTuple):
    """Fields of /proc/PID/stat. Times in clock ticks; `start_ticks` counts from boot; `ignored` and
    `handled`: signals 1 to 31, as bits."""

    name: str
    state: str
    ppid: int
    cpu_ticks: int
    threads: int
    start_ticks: int
    rss_bytes: int
    ignored: int
    handled: int
    exit_status: int


def parse_stat(data: bytes) -> ProcessStat:
    """The text of /proc/PID/stat; the name may hold blanks and parentheses."""
    opening, closing = data.index(b"("), data.rindex(b")")
    fields = data[closing + 2 :].split()
    return ProcessStat(
        name=data[opening + 1 : closing].decode("utf-8", "replace"),
        state=fields[0].decode("ascii"),
        ppid=int(fields[1]),
        cpu_ticks=int(fields[11]) + int(fields[12]),
        threads=int(fields[17]),
        start_ticks=int(fields[19]),
        rss_bytes=int(fields[21]) * PAGE_BYTES,
        ignored=int(fields[30]),
        handled=int(fields[31]),
        exit_status=int(fields[49]) if len(fields) > 49 else 0,
    )


def read_stat(pid: int | str) -> ProcessStat | None:
    """The state of `pid` now; or of a thread, "PID/task/TID"."""
    data = _read(f"/proc/{pid}/stat")
    return parse_stat(data) if data else None


def read_exit_status(pid: int, start_ticks: int) -> int | None:
    """The wait status of a process that has ended and was not reaped; None where it is another
    user's, whose status the kernel gives as 0."""
    stat = read_stat(pid)
    if stat is None or stat.state != "Z" or stat.start_ticks != start_ticks:
        return None
    return stat.exit_status if stat.exit_status or _may_trace(pid) else None


def _may_trace(pid: int) -> bool:
    ours = os.geteuid()
    for line in (_read(f"/proc/{pid}/status") or b"").splitlines():
        if line.startswith(b"Uid:"):
            return ours == 0 or {int(uid) for uid in line.split()[1:4]} == {ours}
    return False


def read_cmdline(pid: int) -> tuple[str, ...]:
    """The arguments `pid` was executed with, as `shown_arguments`; empty for a zombie."""
    data = _read(f"/proc/{pid}/cmdline")
    return shown_arguments(data.rstrip(b"\0").split(b"\0")) if data else ()


def shown_arguments(arguments: Iterable[bytes]) -> tuple[str, ...]:
    """Arguments as text to show, of at most LONGEST_CMDLINE bytes; bytes that are no UTF-8 become
    backslash escapes."""
    shown: list[str] = []
    left = LONGEST_CMDLINE
    for argument in arguments:
        if left < 0:
            return (*shown, "…")
        text = argument[:left].decode("utf-8", "backslashreplace")
        shown.append(text if len(argument) <= left else f"{text}…")
        left -= len(argument) + 1
    return tuple(shown)


def read_environment(pid: int, variable: str) -> str | None:
    """The value `variable` had when `pid` was executed."""
    prefix = variable.encode() + b"="
    for entry in (_read(f"/proc/{pid}/environ") or b"").split(b"\0"):
        if entry.startswith(prefix):
            return entry[len(prefix) :].decode("utf-8", "replace")
    return None


def read_children(pid: int) -> list[int]:
    """The pids of the children of all threads of `pid`, zombies included."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []
    found: list[int] = []
    for thread in threads:
        found += map(int, (_read(f"/proc/{pid}/task/{thread}/children") or b"").split())
    return found


def count_descriptors(pid: int) -> tuple[int, int]:
    """How many descriptors `pid` has open, and may have; 0 for what is hidden from us."""
    folder = f"/proc/{pid}/fd"
    count = limit = 0
    with contextlib.suppress(OSError):
        # Since Linux 6.2 the size of the folder is the count, without a walk through it.
        count = os.stat(folder).st_size or len(os.listdir(folder))
        limit = resource.prlimit(pid, resource.RLIMIT_NOFILE)[0]  # of whom the user is ours
    return count, max(0, limit)


def _read(path: str) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        data = os.read(descriptor, 65536)
        if len(data) < 4096:
            return data
        pieces = [data]
        while data := os.read(descriptor, 1 << 20):
            pieces.append(data)
        return b"".join(pieces)
    except OSError:
        return None
    finally:
        os.close(descriptor)
