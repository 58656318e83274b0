"""Python processes without a recorder, and why.

living Python process --its command line says so, or 1 s without a recorder--> told once
ended Python process --ended well, without ever having had one-------------------'
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..observe import proc_files
from ..python_command import is_python
from ..vocabulary.codes import Unwatched
from ..vocabulary.events import HELPERS
from .known_process import KnownProcess

_PATIENCE_SECONDS = 1.0  # from a start, or an exec, to the first sign of a recorder
_PATIENCE_TICKS = proc_files.TICKS_PER_SECOND  # of CPU, for one that is not given more
_OPTIONS = {
    "I": Unwatched.ISOLATED,
    "E": Unwatched.NO_ENVIRONMENT,
    "S": Unwatched.NO_SITE,
}
_ASKS_ONLY = frozenset({"-V", "-VV", "--version", "-h", "-?", "--help"})  # and runs nothing
_WITH_VALUE = frozenset("XWcm")  # options that take the rest, or the next argument


class Why(NamedTuple):
    """As `ProcessWatched` has it."""

    code: Unwatched | None
    detail: str = ""
    reason: str = ""

    @property
    def told(self) -> tuple[str, Unwatched | None, str]:
        """In the order of `ProcessWatched`."""
        return self.reason, self.code, self.detail


class UnwatchedFinder:
    """Finds Python processes that should have a recorder by now. `known`: by number, those that
    have one (None), and why not, for those of which that was said; add to it."""

    def __init__(self) -> None:
        self.known: dict[int, Why | None] = {}
        self._seen: dict[int, tuple[tuple[str, ...], float]] = {}

    def find(self, living: Iterable[KnownProcess], now: float) -> list[tuple[KnownProcess, Why]]:
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
            reason = self._reason(record)
            if reason.code is not Unwatched.NO_PATH or (
                now - since >= _PATIENCE_SECONDS and not _is_starting(record)
            ):
                self.known[record.number] = reason
                found.append((record, reason))
            else:
                seen[record.number] = (record.cmdline, since)
        self._seen = seen
        return found

    def forget(self, record: KnownProcess, ended_well: bool) -> Why | None:
        """A process has ended: why it had no recorder, if that was not said yet. None as well where
        it may have had no time to begin one."""
        if record.number in self.known:
            del self.known[record.number]
            return None
        if not is_python(record.cmdline) or record.role in HELPERS:
            return None
        reason = self._reason(record)
        if reason.code is not Unwatched.NO_PATH:
            return reason
        has_run = ended_well and _ASKS_ONLY.isdisjoint(record.cmdline[1:2])
        return reason if has_run and record.start_method != "fork" else None

    def _reason(self, record: KnownProcess) -> Why:
        parent = record.parent
        if parent is not None and parent.cmdline == record.cmdline:  # a fork has what that had
            return self.known.get(parent.number) or Why(reason_for(record.cmdline))
        return Why(reason_for(record.cmdline))


def _is_starting(record: KnownProcess) -> bool:
    """Whether it may just not have been given the time yet to come as far as a recorder."""
    stat = proc_files.read_stat(record.pid)
    return stat is not None and stat.state in "RDTt" and stat.cpu_ticks < _PATIENCE_TICKS


def reason_for(cmdline: tuple[str, ...]) -> Unwatched:
    """Why a Python process with this command line carries no recorder."""
    arguments = iter(cmdline[1:])
    for argument in arguments:
        if not argument.startswith("-") or argument in ("-", "--"):
            break
        if argument.startswith("--"):
            continue
        for index, letter in enumerate(argument[1:], 2):
            if letter in _OPTIONS:
                return _OPTIONS[letter]
            if letter in _WITH_VALUE:
                if letter in "cm":
                    return Unwatched.NO_PATH
                if index == len(argument):
                    next(arguments, None)
                break
    return Unwatched.NO_PATH
