"""Processes that are watched without a pidfd, since no descriptor is left for one.

no descriptor left --add--> looked at a few times a second --others have ended--> held
                                     '--it is gone--> on_vanished
"""

from __future__ import annotations

from collections.abc import Callable

from ..observe import pidfds
from .known_process import KnownProcess
from .loop import EventLoop

_LOOK_SECONDS = 0.1  # between two looks, if they are few
_LOOKS_A_SECOND = 2000  # at single processes, if they are many


class Unheld:
    """See the module. `hold(record)` opens a pidfd; raises ProcessLookupError when the process has
    ended, OSError where there is still no room."""

    def __init__(
        self,
        loop: EventLoop,
        hold: Callable[[KnownProcess], None],
        on_vanished: Callable[[KnownProcess], None],
    ) -> None:
        self._loop = loop
        self._hold = hold
        self._on_vanished = on_vanished
        self._records: dict[int, KnownProcess] = {}  # by number
        self._looking = False

    def add(self, record: KnownProcess) -> bool:
        """Look at it from now on; whether it is the first one for a while."""
        self._records[record.number] = record
        first, self._looking = not self._looking, True
        if first:
            self._loop.call_later(_LOOK_SECONDS, self._look)
        return first

    def discard(self, record: KnownProcess) -> None:
        """It has ended."""
        self._records.pop(record.number, None)

    def _look(self) -> None:
        for record in list(self._records.values()):
            if record.ended:
                continue
            if pidfds.has_ended(record.pid, record.start_ticks):
                self._on_vanished(record)
                continue
            try:
                self._hold(record)  # others have ended since
            except ProcessLookupError:
                self._on_vanished(record)
            except OSError:
                continue
            self._records.pop(record.number, None)
        self._looking = bool(self._records)
        if self._looking:
            seconds = max(_LOOK_SECONDS, len(self._records) / _LOOKS_A_SECOND)
            self._loop.call_later(seconds, self._look)
