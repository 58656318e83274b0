"""What those have noted of a process who launched it: who ended it, and how it ended.

    a process has ended --> its forebears' recorders are read now --> ender, status

Who ends a child notes that before the signal goes out, and who reaps one notes its status at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from .known_process import KnownProcess
from .shared_objects import SharedObjects
from .watched_process import WatchedProcess

_ENDINGS = {"SIGTERM": "terminate", "SIGKILL": "kill", "SIGINT": "interrupt"}  # of Process


class Forebears:
    """See the module. `records`, `watched`: by number of the process; `read`: takes in all that one
    of them has written until now."""

    def __init__(
        self,
        records: Mapping[int, KnownProcess],
        objects: SharedObjects,
        watched: Mapping[int, WatchedProcess],
        read: Callable[[WatchedProcess, float], None],
    ) -> None:
        self._records = records
        self._objects = objects
        self._watched = watched
        self._read = read

    def of(self, record: KnownProcess) -> list[WatchedProcess]:
        """The watched processes that launched it, directly or not."""
        above = (self._watched.get(one.number) for one in record.ancestors())
        return [one for one in above if one is not None]

    def ender(self, record: KnownProcess, now: float, by_signal: str | None) -> KnownProcess | None:
        """Whose terminate(), kill() or interrupt() ended it: a process that launched it, directly
        or through a fork server. `by_signal`: what that sends."""
        operation = _ENDINGS.get(by_signal or "")
        if operation is None:
            return None
        self._read_all(record, now)
        number = self._objects.ender(record.pid, operation)
        return None if number is None else self._records.get(number)

    def status(self, record: KnownProcess) -> tuple[bool, int | None]:
        """How it ended by what its parent, which has reaped it, knows: whether it is one that its
        parent will know that of, and the wait status if it does by now."""
        above = self._read_all(record, time.monotonic())
        shared = self._objects.of_process(record.pid)
        return (False, None) if shared is None else (above, shared.status)

    def _read_all(self, record: KnownProcess, now: float) -> bool:
        above = self.of(record)
        for one in above:
            self._read(one, now)
        return bool(above)
