"""Long work in short slices, so that the window goes on answering.

A thread would not help here: matching text holds Python's interpreter lock, and every repaint
would wait for it again and again. A slice of some milliseconds between two rounds of the event
loop costs the window no more than these.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

BUDGET_SECONDS = 0.006


class SlicedWork(QObject):
    """Calls `step(budget_seconds)` until it returns False, or raises.

    Emits `progressed` after each slice and `finished` after the last.
    """

    progressed = Signal()
    finished = Signal()

    def __init__(self, step: Callable[[float], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._step = step
        self._running = False
        self._paused = False
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def running(self) -> bool:
        """Whether there is more to do (even while paused)."""
        return self._running

    def start(self) -> None:
        """Begin, or go on when there may be more to do."""
        self._running = True
        if not self._paused:
            self._timer.start()

    def stop(self) -> None:
        """Leave the rest undone."""
        self._running = False
        self._timer.stop()

    def pause(self, paused: bool) -> None:
        """Rest for a while, as when nobody looks."""
        self._paused = paused
        if paused:
            self._timer.stop()
        elif self._running:
            self._timer.start()

    def _on_timeout(self) -> None:
        try:
            more = self._step(BUDGET_SECONDS)
        except BaseException:
            self.stop()  # or the same fault would come again at once, and for ever
            raise
        if not self._running:
            return  # the step itself stopped it
        if not more:
            self.stop()
        self.progressed.emit()
        if not more and not self._running:
            self.finished.emit()
