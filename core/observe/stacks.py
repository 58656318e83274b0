"""The Python stacks of another process, asked for once.

StackReader --each source in turn--> the probe (if the process carries one that answers)
                                 '-> py-spy, from outside
                    Stacks <---------'  or StackError, a sentence that says what to do
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

import msgspec

from ..translation import tr
from .proc_files import TICKS_PER_SECOND, read_stat

_STEP = re.compile(r'  File "(?P<file>.*)", line (?P<line>\d{1,9}), in (?P<function>.*)')
_SLACK_NS = 2_000_000_000  # between what we and the kernel take for the start of a process


class StackError(Exception):
    """There are no stacks: `str()` is one sentence (or two) that says why, and what to do."""


class Cancelled(StackError):
    """Somebody asked to stop."""


class Frame(msgspec.Struct, frozen=True, gc=False):
    """A call. `file` is a path, `line` counts from 1, 0 when unknown. `is_library`: it belongs to
    Python or to an installed package, not to the user's own program."""

    function: str
    file: str
    line: int
    is_library: bool


class ThreadStack(msgspec.Struct, frozen=True):
    """A thread: the innermost call first. `active`: it was running on a processor, as far as can be
    told."""

    name: str
    native_id: int
    active: bool
    frames: tuple[Frame, ...]


class Stacks(msgspec.Struct, frozen=True):
    """All threads of a process at about `time_ns` (Unix time). `source`: who read them; `note`: a
    sentence on how far they can be trusted, "" without reservations."""

    pid: int
    time_ns: int
    source: str
    threads: tuple[ThreadStack, ...]
    note: str = ""


class Living(NamedTuple):
    """A process whose stacks are wanted."""

    name: str
    pid: int
    started_ns: int


class ProcessStacks(NamedTuple):
    """What was read of a process; without `stacks`, `why` says why."""

    process: Living
    stacks: Stacks | None
    why: str = ""


class StackSource(Protocol):
    """A way to learn stacks."""

    def read(self, pid: int, started_ns: int, cancel: threading.Event) -> Stacks:
        """Raises StackError. `started_ns`: when the process started (Unix time), so that one that
        took over its pid is not taken for it."""


class StackReader:
    """Asks its sources in turn, until one answers. For any thread, and blocks it."""

    def __init__(self, sources: Sequence[StackSource]) -> None:
        self._sources = tuple(sources)

    def read(self, pid: int, started_ns: int, cancel: threading.Event) -> Stacks:
        """The stacks from the first source that has them. Raises StackError, with what the last
        source said."""
        last = StackError(tr("Nobody can read the stack of a process here."))
        for source in self._sources:
            try:
                return source.read(pid, started_ns, cancel)
            except Cancelled:
                raise
            except StackError as error:
                last = error
        raise last


def is_still(pid: int, started_ns: int) -> bool:
    """Whether `pid` is a process that started until `started_ns`, so nobody who took it over."""
    stat = read_stat(pid)
    if stat is None or stat.state in "ZX":
        return False
    age_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    age_ns -= stat.start_ticks * 1_000_000_000 // TICKS_PER_SECOND
    return time.time_ns() - age_ns <= started_ns + _SLACK_NS


def frames_of(traceback: str) -> tuple[Frame, ...]:
    """The calls of a traceback as text, as the probe recorded it; the innermost first."""
    found = (_STEP.fullmatch(line) for line in traceback.splitlines())
    frames = [
        Frame(step["function"], step["file"], int(step["line"]), is_library(step["file"]))
        for step in found
        if step is not None
    ]
    return tuple(reversed(frames))


def is_library(path: str) -> bool:
    """Whether a source belongs to Python itself or to an installed package."""
    if not path or path.startswith("<"):
        return path != "<stdin>" and path != "<string>"
    folders = path.split("/")
    if "site-packages" in folders or "dist-packages" in folders:
        return True
    # .../lib/python3.11/threading.py: of the standard library
    return any(
        folder.startswith(("python3", "pypy3")) and before in ("lib", "lib64")
        for before, folder in pairwise(folders)
    )
