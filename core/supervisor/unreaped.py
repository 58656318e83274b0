"""Children that have ended and that their parents do not wait for: zombies.

ended --a second later, still there?--> zombie --each second: of whom, how many--> ProcessUnreaped

Most are gone at the first look, since who made them waits for them. Each look asks /proc about a
few hundred at most, so a program that leaves thousands costs no more than that.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from ..observe import proc_files
from ..vocabulary.events import ProcessUnreaped
from .known_process import KnownProcess
from .loop import EventLoop

_LOOK_SECONDS = 1.0
_MOST_LOOKS = 300  # at processes, at a time
_MOST_NEW = 2000  # that wait for their first look
_MOST_KEPT = 5000  # zombies
_MOST_TOLD = 100  # of one parent, by number


class Unreaped:
    """See the module. Called in the thread of the loop; `tell`: whoever has changed."""

    def __init__(self, loop: EventLoop, tell: Callable[[ProcessUnreaped], None]) -> None:
        self._loop = loop
        self._tell = tell
        self._new: deque[tuple[float, KnownProcess]] = deque(maxlen=_MOST_NEW)  # since when
        self._zombies: dict[int, tuple[KnownProcess, KnownProcess]] = {}  # with their parents
        self._told: dict[int, tuple[int, ...]] = {}  # by parent
        self._looking = False

    def ended(self, record: KnownProcess) -> None:
        """It has ended; whether anybody has waited for it is to be seen."""
        if record.maker is not None and record.start_ticks:
            self._new.append((time.monotonic(), record))
            if not self._looking:
                self._looking = True
                self._loop.call_later(_LOOK_SECONDS, self._look)

    def _look(self) -> None:
        left = _MOST_LOOKS
        for number in list(self._zombies)[:left]:
            record, parent = self._zombies.pop(number)
            if parent.alive and _is_zombie_of(record, parent):
                self._zombies[number] = record, parent  # behind those that were not looked at
            left -= 1
        before = time.monotonic() - _LOOK_SECONDS
        while self._new and self._new[0][0] <= before and left > -_MOST_LOOKS:
            record = self._new.popleft()[1]
            maker, left = record.maker, left - 1
            if maker is None or len(self._zombies) >= _MOST_KEPT:
                continue
            if maker.alive and _is_zombie_of(record, maker):
                self._zombies[record.number] = record, maker
        self._say()
        self._looking = bool(self._new or self._zombies)
        if self._looking:
            self._loop.call_later(_LOOK_SECONDS, self._look)

    def _say(self) -> None:
        found: dict[int, list[int]] = {}
        for number, (_, parent) in self._zombies.items():
            found.setdefault(parent.number, []).append(number)
        for process in [each for each in self._told if each not in found]:
            del self._told[process]
            self._tell(ProcessUnreaped(process, (), 0))
        for process, children in found.items():
            now = tuple(sorted(children))
            if self._told.get(process) != now:
                self._told[process] = now
                self._tell(ProcessUnreaped(process, now[:_MOST_TOLD], len(now)))


def _is_zombie_of(record: KnownProcess, parent: KnownProcess) -> bool:
    stat = proc_files.read_stat(record.pid)
    return (
        stat is not None
        and stat.start_ticks == record.start_ticks
        and stat.state == "Z"
        and stat.ppid == parent.pid
    )
