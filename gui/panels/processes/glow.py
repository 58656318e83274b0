"""The glow of rows that have just appeared or ended: green or red, fading.

Times are in seconds of the monotonic clock. The timer runs only while something glows.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import QColor

from ...kit.style import theme

DURATION = 1.5  # seconds until a glow is gone
_FRAME = 50  # ms between two repaints


class Glow(QObject):
    """Which processes glow, and how strongly.

    Emits faded(set[int]): these processes look different now.
    """

    faded = QtSignal(set)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._born: dict[int, float] = {}
        self._died: dict[int, float] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_active(self) -> bool:
        """Whether anything glows."""
        return self._timer.isActive()

    def add_born(self, processes: Iterable[int]) -> None:
        """These have just appeared."""
        self._born.update(dict.fromkeys(processes, time.monotonic()))
        self._start()

    def add_died(self, processes: Iterable[int]) -> None:
        """These have just ended."""
        now = time.monotonic()
        for process in processes:
            self._born.pop(process, None)
            self._died[process] = now
        self._start()

    def stop(self) -> None:
        """Nothing glows any more."""
        self._born.clear()
        self._died.clear()
        self._timer.stop()

    def background(self, process: int) -> QColor | None:
        """The colour to lay under a row, None when it does not glow."""
        if not self._timer.isActive():
            return None
        now = time.monotonic()
        for times, value in (
            (self._died, theme.current().died),
            (self._born, theme.current().born),
        ):
            since = times.get(process)
            if since is not None and now - since < DURATION:
                color = QColor(value)
                left = 1 - (now - since) / DURATION
                color.setAlphaF(min(1.0, left * 1.6))  # full at first, then fading
                return color
        return None

    def _start(self) -> None:
        if (self._born or self._died) and not self._timer.isActive():
            self._timer.start()

    def _on_timeout(self) -> None:
        glowing = {*self._born, *self._died}
        limit = time.monotonic() - DURATION
        for times in (self._born, self._died):
            for process in [each for each, since in times.items() if since < limit]:
                del times[process]
        if not self._born and not self._died:
            self._timer.stop()
        self.faded.emit(glowing)
