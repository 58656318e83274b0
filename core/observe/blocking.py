"""What the threads of a process wait in, as the kernel tells it: for what no recorder speaks of.

    /proc/PID/task/TID/syscall, stat, wchan --> state of each thread: which call, and on what

Asked of one process at a time, when somebody looks at it: a few reads for each thread. Nothing is
known of a process that the kernel does not let us look at (see proc_pid_syscall(5)).
"""

from __future__ import annotations

import os
import platform

from ..vocabulary.blocked import Blocked, ThreadState
from . import proc_files

_MOST_THREADS = 16


_TABLE: dict[Blocked, dict[str, tuple[int, ...]]] = {
    Blocked.READS: {"x86_64": (0, 17, 19, 45, 47), "aarch64": (63, 65, 67, 207, 212)},
    Blocked.WRITES: {"x86_64": (1, 18, 20, 44, 46), "aarch64": (64, 66, 68, 206, 211)},
    Blocked.ACCEPTS: {"x86_64": (43, 288), "aarch64": (202, 242)},
    Blocked.CONNECTS: {"x86_64": (42,), "aarch64": (203,)},
    Blocked.POLLS: {"x86_64": (7, 23, 232, 270, 271, 281, 441), "aarch64": (22, 72, 73, 441)},
    Blocked.SLEEPS: {"x86_64": (35, 230), "aarch64": (101, 115)},
    Blocked.CHILD: {"x86_64": (61, 247), "aarch64": (95, 260)},
    Blocked.LOCK: {"x86_64": (202, 449), "aarch64": (98, 449)},
    Blocked.FILE_LOCK: {"x86_64": (72, 73), "aarch64": (25, 32)},
    Blocked.SIGNAL: {"x86_64": (34, 128, 130), "aarch64": (133, 137)},
}
"""The numbers of system calls that wait; see syscalls(2)."""
_CALLS = {
    number: blocked
    for blocked, machines in _TABLE.items()
    for number in machines.get(platform.machine(), ())
}
_ON_DESCRIPTOR = {Blocked.READS, Blocked.WRITES, Blocked.ACCEPTS, Blocked.CONNECTS}


def states_of(pid: int) -> list[ThreadState]:
    """What the first threads of a process are in, the main thread first; none where that is hidden
    from us."""
    try:
        threads = sorted(map(int, os.listdir(f"/proc/{pid}/task")), key=lambda each: each != pid)
    except OSError:
        return []
    found = (_state(pid, thread) for thread in threads[:_MOST_THREADS])
    return [state for state in found if state is not None]


def _state(pid: int, thread: int) -> ThreadState | None:
    stat = proc_files.read_stat(f"{pid}/task/{thread}")
    try:
        with open(f"/proc/{pid}/task/{thread}/syscall", encoding="ascii") as file:
            call, _, rest = file.read(400).partition(" ")
    except OSError:
        return None
    if stat is None:
        return None
    blocked, on = _what(pid, call, rest, stat.state)
    channel = _channel(pid, thread) if blocked is Blocked.OTHER else ""
    return ThreadState(thread, blocked, on, stat.cpu_ticks / proc_files.TICKS_PER_SECOND, channel)


def _what(pid: int, call: str, rest: str, state: str) -> tuple[Blocked, str]:
    if call.strip() == "running":
        return Blocked.DISK if state == "D" else Blocked.RUNS, ""
    blocked = _CALLS.get(int(call), Blocked.OTHER) if call.isdecimal() else Blocked.OTHER
    on = ""
    if blocked in _ON_DESCRIPTOR:
        on = _kind(pid, int(rest.split(" ", 1)[0], 16))
    if state == "D" and on not in ("pipe", "socket"):
        return Blocked.DISK, on
    return blocked, on


def _channel(pid: int, thread: int) -> str:
    """The kernel gives "0" where it waits in none, or that is hidden from us."""
    try:
        with open(f"/proc/{pid}/task/{thread}/wchan", encoding="ascii", errors="replace") as file:
            channel = file.read(100)
    except OSError:
        return ""
    return "" if channel == "0" else channel


def _kind(pid: int, descriptor: int) -> str:
    try:
        link = os.readlink(f"/proc/{pid}/fd/{descriptor}")
    except OSError:
        return ""
    for kind in ("pipe", "socket"):
        if link.startswith(f"{kind}:"):
            return kind
    if link.startswith(("/dev/pts/", "/dev/tty")):
        return "terminal"
    return link if link.startswith("/") else ""
