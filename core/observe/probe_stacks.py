"""Stacks that a watched process writes down itself, when it is asked to.

    word 1 of the tick page <-- number << 32 | pid --ProbeStacks
    <pid>-<ns>.stack        --> parsed, never trusted --> Stacks

The probe is no thread of its own and interrupts nobody: it answers at the next operation on a
shared object. A process that waits or computes all the time does not; others have to look at it.
"""

from __future__ import annotations

import mmap
import os
import re
import stat
import threading
import time
from collections.abc import Iterator, Sequence

from ..probe._spawnscope_probe.layout import TICK_BYTES
from . import run_folder_place
from .stacks import Cancelled, Frame, StackError, Stacks, ThreadStack, is_library, is_still

PATIENCE_SECONDS = 0.4
_LOOK_SECONDS = 0.02
_MOST_BYTES = 4 << 20
_ASKED = 1  # the word of the tick page


class ProbeStacks:
    """A source of stacks, see `stacks.StackSource`. `folders`: the run folders to look in."""

    def __init__(
        self, folders: Sequence[str] | None = None, seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._folders = folders
        self._seconds = seconds

    def read(self, pid: int, started_ns: int, cancel: threading.Event) -> Stacks:
        """Ask, and wait a little. Raises StackError."""
        folder = self._folder_of(pid)
        if folder is None:
            raise StackError("The process carries no recorder that could answer.")
        if not is_still(pid, started_ns):
            raise StackError("The process has ended.")
        before = {path: os.stat(path).st_mtime_ns for path in _answers(folder, pid)}
        _ask(folder, pid)
        deadline = time.monotonic() + self._seconds
        while time.monotonic() < deadline:
            for path in _answers(folder, pid):
                if before.get(path) != _modified(path):
                    return Stacks(pid, time.time_ns(), "the probe", parse_answer(_content(path)))
            if cancel.wait(_LOOK_SECONDS):
                raise Cancelled("Cancelled.")
        raise StackError(
            "The probe answers at the next operation on a shared object, and there was none."
        )

    def _folder_of(self, pid: int) -> str | None:
        recorder = re.compile(rf"{pid}-\d{{1,19}}\.rec")
        for folder in self._folders or _run_folders():
            try:
                if any(recorder.fullmatch(name) for name in os.listdir(folder)):
                    return folder
            except OSError:
                continue
        return None


def parse_answer(data: bytes) -> tuple[ThreadStack, ...]:
    """The threads that a process wrote of itself, the main thread first. Raises StackError."""
    threads: list[tuple[str, list[Frame]]] = []
    for line in data.decode("utf-8", "replace").split("\n"):
        kind, *fields = line.split("\t")
        if kind == "T" and len(fields) == 1:
            threads.append((fields[0], []))
        elif kind == "F" and len(fields) == 3 and threads and fields[1].isdecimal():
            file, number, function = fields
            line_number = int(number) if len(number) < 10 else 0
            threads[-1][1].append(Frame(function, file, line_number, is_library(file)))
        elif line:
            raise StackError("What the probe wrote of the stacks is damaged.")
    found = [ThreadStack(name, 0, False, tuple(frames)) for name, frames in threads]
    found.sort(key=lambda thread: (thread.name != "MainThread", thread.name))
    return tuple(found)


def _run_folders() -> Iterator[str]:
    base, prefix = run_folder_place.base(), run_folder_place.prefix()
    yield from (os.path.join(base, name) for name in os.listdir(base) if name.startswith(prefix))


def _answers(folder: str, pid: int) -> list[str]:
    wanted = re.compile(rf"{pid}-\d{{1,19}}\.stack")
    return [os.path.join(folder, name) for name in os.listdir(folder) if wanted.fullmatch(name)]


def _modified(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _ask(folder: str, pid: int) -> None:
    try:
        tick = os.open(os.path.join(folder, "tick"), os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError as error:
        raise StackError(f"The probe cannot be asked: {error.strerror}.") from None
    try:
        with mmap.mmap(tick, TICK_BYTES) as page, memoryview(page).cast("Q") as words:
            number = (words[_ASKED] >> 32) + 1 & 0x7FFF_FFFF
            words[_ASKED] = number << 32 | pid
    except (OSError, ValueError):
        raise StackError("The probe cannot be asked: its page is damaged.") from None
    finally:
        os.close(tick)


def _content(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise StackError(f"What the probe wrote cannot be read: {error.strerror}.") from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise StackError("What the probe wrote is no file.")
        return os.read(descriptor, _MOST_BYTES)
    finally:
        os.close(descriptor)
