"""Executors of processes that broke, and whose death it was: the reason why the others ended.

who has the executor: "broken", with the workers that had died --> noted
another of its workers has ended by a signal ---------------------> the first of those
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..observe.recorder_layout import PREVIEW, PREVIEW_LENGTH, RawRecord
from ..vocabulary.events import Doing
from .known_process import KnownProcess
from .outcome import exit_of, signal_name

_DEAD = re.compile(r"(signal|exit code) (\d{1,3}) of PID (\d{1,9})")
_ENDED_BY = ("SIGTERM", "SIGKILL")  # what an executor sends to those that are left


class Breaker(NamedTuple):
    """Whose death broke an executor: name, pid, and the name of the signal that it died of, or its
    exit code, in digits. `owner`: who has the executor, and has ended the other workers."""

    name: str
    pid: int
    how: str
    owner: KnownProcess


class BrokenExecutors:
    """See the module. Executors by their number."""

    def __init__(self) -> None:
        self._broken: dict[int, tuple[KnownProcess, dict[int, str]]] = {}

    def note(self, executor: int, owner: KnownProcess, record: RawRecord) -> None:
        """An executor of `owner` broke, as this record tells; its preview says which of its workers
        had ended then ("signal 9 of PID 4711, exit code 1 of PID 4712")."""
        dead = record[PREVIEW][: record[PREVIEW_LENGTH]].decode("utf-8", "ignore")
        found = {
            int(pid): signal_name(int(number)) if kind == "signal" else number
            for kind, number, pid in _DEAD.findall(dead)
        }
        if found:
            self._broken.setdefault(executor, (owner, found))

    def breaker(self, record: KnownProcess, doing: tuple[Doing, ...]) -> Breaker | None:
        """Why a worker of an executor has ended that was in `doing`, if that was broken by another
        one. None as well if it broke it itself."""
        if not self._broken or exit_of(record.status)[1] not in _ENDED_BY:
            return None
        for each in doing:
            owner, dead = self._broken.get(each.object or 0, (None, dict[int, str]()))
            if owner is not None and record.pid not in dead:
                pid, how = next(iter(dead.items()))
                kin = record.parent.children if record.parent else ()
                name = next((one.name for one in reversed(kin) if one.pid == pid), "")
                return Breaker(name, pid, how, owner)
        return None
