"""What a process table takes in of a past session."""

from __future__ import annotations

from typing import Protocol

from ..vocabulary.events import ProcessChanged, ProcessExited, ProcessStarted


class Record(Protocol):
    """What a session file tells about one process."""

    @property
    def started(self) -> ProcessStarted: ...
    @property
    def changed(self) -> ProcessChanged | None: ...
    @property
    def exited(self) -> ProcessExited | None: ...
