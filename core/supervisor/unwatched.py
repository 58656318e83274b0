"""Python processes without a recorder, and why.

living Python process --1 s without a recorder--> reason_for(command line) --> told once
"""

from __future__ import annotations

from collections.abc import Iterable

from ..observe import proc_files
from ..python_command import is_python
from .known_process import HELPERS, KnownProcess

_PATIENCE_SECONDS = 1.0  # from a start, or an exec, to the first sign of a recorder
_PATIENCE_TICKS = proc_files.TICKS_PER_SECOND  # of CPU, for one that is not given more
_REASONS = {
    "I": "it runs with -I, which isolates Python from its environment",
    "E": "it runs with -E, which makes Python ignore its environment",
    "S": "it runs with -S, which leaves out what Spawnscope begins with",
}
_NO_PATH = "its environment does not hold Spawnscope's PYTHONPATH"
_WITH_VALUE = frozenset("XWcm")  # options that take the rest, or the next argument


class Unwatched:
    """Finds Python processes that should have a recorder by now. `known`: by number, those that
    have one, and why not, for those of which that was said; add to it."""

    def __init__(self) -> None:
        self.known: dict[int, str] = {}
        self._seen: dict[int, tuple[tuple[str, ...], float]] = {}

    def find(self, living: Iterable[KnownProcess], now: float) -> list[tuple[KnownProcess, str]]:
        """Who has none, and why; each is found once. `now`: seconds, monotonic."""
        found = []
        seen = {}
        for record in living:
            if record.number in self.known or not record.announced:
                continue
            if not is_python(record.cmdline) or record.role in HELPERS:
                continue
            cmdline, since = self._seen.get(record.number, ((), now))
            if cmdline != record.cmdline:
                since = now
            if now - since >= _PATIENCE_SECONDS and not _is_starting(record):
                reason = self.known[record.number] = self._reason(record)
                found.append((record, reason))
            else:
                seen[record.number] = (record.cmdline, since)
        self._seen = seen
        return found

    def forget(self, process: int) -> None:
        """A process has ended."""
        self.known.pop(process, None)

    def _reason(self, record: KnownProcess) -> str:
        parent = record.parent
        if parent is not None and parent.cmdline == record.cmdline:  # a fork has what that had
            return self.known.get(parent.number) or reason_for(record.cmdline)
        return reason_for(record.cmdline)


def _is_starting(record: KnownProcess) -> bool:
    """Whether it may just not have been given the time yet to come as far as a recorder."""
    stat = proc_files.read_stat(record.pid)
    return stat is not None and stat.state in "RDTt" and stat.cpu_ticks < _PATIENCE_TICKS


def reason_for(cmdline: tuple[str, ...]) -> str:
    """Why a Python process with this command line carries no recorder."""
    arguments = iter(cmdline[1:])
    for argument in arguments:
        if not argument.startswith("-") or argument in ("-", "--"):
            break
        if argument.startswith("--"):
            continue
        for index, letter in enumerate(argument[1:], 2):
            if letter in _REASONS:
                return _REASONS[letter]
            if letter in _WITH_VALUE:
                if letter in "cm":
                    return _NO_PATH
                if index == len(argument):
                    next(arguments, None)
                break
    return _NO_PATH
