"""Which ends of pipes a process has open, and whether it is blocked in one: from outside, by /proc.

    /proc/PID/fd       --> open_ends     every pipe and socket, and which way it may be used
    /proc/PID/syscall  --> pending_call  a read or write that its main thread is in

Each function returns None for a process that is gone, or that the kernel does not let us look at:
another user's, or where looking takes a right that we lack (see proc_pid_syscall(5), ptrace(2)).
"""

from __future__ import annotations

import os
import platform
from itertools import islice
from typing import NamedTuple

# Numbers of system calls that wait for a pipe; see syscalls(2).
_CALLS = {
    "x86_64": {0: "read", 1: "write", 19: "read", 20: "write"},
    "aarch64": {63: "read", 64: "write", 65: "read", 66: "write"},
}.get(platform.machine(), {})
_FUTEX = {"x86_64": 202, "aarch64": 98}.get(platform.machine())
_WAIT, _WAIT_BITSET, _COMMAND = 0, 9, 0x7F
_PRIVATE = 0x80  # no other process can wake it
_PYTHONS_OWN = sum(1 << number - 1 for number in (2, 4, 6, 7, 8, 11, 32, 33))
"""Signals that Python, faulthandler and the C library catch by themselves: SIGINT, SIGILL ..."""
_MOST = 5000  # descriptors
_PREFIXES = ("pipe:[", "socket:[")


class OpenEnd(NamedTuple):
    """A pipe or a socket that a process has open. `link`: what /proc calls it, "pipe:[4711]"."""

    descriptor: int
    link: str
    reads: bool
    writes: bool


class PendingCall(NamedTuple):
    """A system call that has not returned: "read" or "write", on which descriptor. `state`: all
    that /proc says of it, which is the same as long as it is the same call."""

    call: str
    descriptor: int
    state: str


def open_ends(pid: int, links: frozenset[str] | None = None) -> list[OpenEnd] | None:
    """The pipes and sockets of a process; of these `links` alone, if given. None as well where it
    has so many descriptors that to look at them would take too long."""
    folder = f"/proc/{pid}/fd"
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _MOST + 1)]
    except OSError:
        return None
    if len(names) > _MOST:
        return None
    found = []
    for name in names:
        path = f"{folder}/{name}"
        try:
            link = os.readlink(path)
            if link not in links if links is not None else not link.startswith(_PREFIXES):
                continue
            mode = os.lstat(path).st_mode  # of the link: how it was opened
        except OSError:  # closed meanwhile
            continue
        found.append(OpenEnd(int(name), link, bool(mode & 0o400), bool(mode & 0o200)))
    return found


def link_of(pid: int, descriptor: int) -> str | None:
    """What a process has open as `descriptor`, as /proc calls it."""
    try:
        return os.readlink(f"/proc/{pid}/fd/{descriptor}")
    except OSError:
        return None


def pending_call(pid: int) -> PendingCall | None:
    """What the main thread of a process waits in; None as well if that is no read or write."""
    try:
        with open(f"/proc/{pid}/syscall", encoding="ascii") as file:
            state = file.read(400)
    except OSError:
        return None
    number, _, rest = state.partition(" ")  # "running", or a number and its arguments
    call = _CALLS.get(int(number)) if number.isdecimal() else None
    if call is None:
        return None
    return PendingCall(call, int(rest.split(" ", 1)[0], 16), state)


def lock_for_ever(pid: int) -> str | None:
    """What /proc says of the call of a process that waits, without a limit, for a lock of its own
    that nobody is left to give back: it has no other thread, and catches no signal by which it
    could do so itself. None where that is not so, or not known."""
    try:
        with open(f"/proc/{pid}/syscall", encoding="ascii") as file:
            state = file.read(400)
        number, *values = state.split(" ")
        if number != str(_FUTEX) or len(values) < 4:
            return None
        operation, timeout = int(values[1], 16), int(values[3], 16)
        waits = operation & _COMMAND in (_WAIT, _WAIT_BITSET) and operation & _PRIVATE
        if not waits or timeout:
            return None
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
            fields = dict(line.partition(":")[::2] for line in file)
        alone = int(fields["Threads"]) == 1
        return state if alone and not int(fields["SigCgt"], 16) & ~_PYTHONS_OWN else None
    except (OSError, ValueError, KeyError):
        return None


def device_of_pipes() -> int:
    """The device that the inodes of all pipes are on."""
    reader, writer = os.pipe2(os.O_CLOEXEC)
    try:
        return os.fstat(reader).st_dev
    finally:
        os.close(reader)
        os.close(writer)
