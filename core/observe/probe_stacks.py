"""Stacks that a watched process writes down itself, when it is asked to.

    word 1 of the tick page <-- number << 32 | pid --ProbeStacks
    <pid>-<ns>.stack        --> parsed, never trusted --> Stacks

The probe is no thread of its own and interrupts nobody: it answers at the next operation on a
shared object. A process that waits or computes all the time does not; others have to look at it.

Only the session's own folder is looked into: see `run_folder_place`. Nothing in it is mapped, since
whoever cuts a mapped file short ends the process that reads it.
"""

from __future__ import annotations

import os
import re
import struct
import sys
import threading
import time

from ..translation import tr
from ..vocabulary.kinds import MAIN_THREAD
from .run_folder_place import open_file, open_folder
from .stacks import (
    Cancelled,
    Frame,
    StackError,
    Stacks,
    ThreadStack,
    is_library,
    is_still,
)

PATIENCE_SECONDS = 0.4
_LOOK_SECONDS = 0.02
_MOST_BYTES = 4 << 20
_MOST_LINES = 20_000
_ASKED_AT = 8  # where in the tick page: its word 1
_WORD = struct.Struct("=Q")


class ProbeStacks:
    """A source of stacks, see `stacks.StackSource`. `folder`: the session's run folder."""

    def __init__(self, folder: str, seconds: float = PATIENCE_SECONDS) -> None:
        self._path = folder
        self._seconds = seconds

    def read(self, pid: int, started_ns: int, cancel: threading.Event) -> Stacks:
        """Ask, and wait a little. Raises StackError."""
        try:
            folder = open_folder(self._path)
        except OSError:
            raise StackError(tr("The session keeps no recorders any more.")) from None
        try:
            return self._read(folder, pid, started_ns, cancel)
        finally:
            os.close(folder)

    def _read(self, folder: int, pid: int, started_ns: int, cancel: threading.Event) -> Stacks:
        recorder = re.compile(rf"({pid}-\d{{1,18}})\.rec")
        found = [match[1] for match in map(recorder.fullmatch, os.listdir(folder)) if match]
        if not found:
            raise StackError(tr("The process carries no recorder that could answer."))
        if not is_still(pid, started_ns):
            raise StackError(tr("The process has ended."))
        answer = f"{max(found, key=_created_ns)}.stack"  # the others are from before an exec
        before = _modified(folder, answer)
        _ask(folder, pid)
        deadline = time.monotonic() + self._seconds
        while time.monotonic() < deadline:
            if before != _modified(folder, answer):
                threads = parse_answer(_content(folder, answer))
                return Stacks(pid, time.time_ns(), tr("the probe"), threads)
            if cancel.wait(_LOOK_SECONDS):
                raise Cancelled("Cancelled.")
        raise StackError(
            tr("The probe answers at the next operation on a shared object, and there was none.")
        )


def parse_answer(data: bytes) -> tuple[ThreadStack, ...]:
    """The threads that a process wrote of itself, the main thread first. Raises StackError."""
    threads: list[tuple[str, list[Frame]]] = []
    for line in data.decode("utf-8", "replace").split("\n", _MOST_LINES)[:_MOST_LINES]:
        kind, *fields = line.split("\t")
        if kind == "T" and len(fields) == 1:
            threads.append((fields[0], []))
        elif kind == "F" and len(fields) == 3 and threads and fields[1].isdecimal():
            file, number, function = fields
            line_number = int(number) if len(number) < 10 else 0
            threads[-1][1].append(Frame(function, file, line_number, is_library(file)))
        elif line:
            raise StackError(tr("What the probe wrote of the stacks is damaged."))
    found = [ThreadStack(name, 0, False, tuple(frames)) for name, frames in threads]
    found.sort(key=lambda thread: (thread.name != MAIN_THREAD, thread.name))
    return tuple(found)


def _created_ns(recorder: str) -> int:
    return int(recorder.partition("-")[2])


def _modified(folder: int, name: str) -> int:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime_ns
    except OSError:
        return 0


def _ask(folder: int, pid: int) -> None:
    try:
        tick = open_file("tick", os.O_RDWR, folder)
        try:
            asked = int.from_bytes(os.pread(tick, _WORD.size, _ASKED_AT), sys.byteorder)
            number = (asked >> 32) + 1 & 0x7FFF_FFFF
            os.pwrite(tick, _WORD.pack(number << 32 | pid), _ASKED_AT)
        finally:
            os.close(tick)
    except OSError as error:
        raise StackError(
            tr("The probe cannot be asked: {value}.", value=error.strerror or error)
        ) from None


def _content(folder: int, name: str) -> bytes:
    try:
        file = open_file(name, os.O_RDONLY, folder)
        try:
            return os.read(file, _MOST_BYTES)
        finally:
            os.close(file)
    except OSError as error:
        raise StackError(
            tr("What the probe wrote cannot be read: {value}.", value=error.strerror or error)
        ) from None
