"""Guards the buttons of moving rows: the wrong process is never hit.

When rows move under a pointer that rests, the button that is now below it is not the one that
the hand aims at. It stays disarmed until the pointer moves, or for a moment long enough to see
what happened.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtCore import Signal as QtSignal

PAUSE = 400  # ms after which a button below a resting pointer may be pressed again


class RestingPointer(QObject):
    """Knows the process below the pointer and whether a press there may count.

    Positions are global. Emits rearmed(): a press may count again.
    """

    rearmed = QtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._position: QPoint | None = None
        self._process: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.rearmed)

    @property
    def is_armed(self) -> bool:
        """Whether a press may count."""
        return not self._timer.isActive()

    @property
    def position(self) -> QPoint | None:
        """Where the pointer was last seen, None when it is elsewhere."""
        return self._position

    def move(self, position: QPoint, process: int | None) -> None:
        """The pointer has come to `position`, with the row of `process` below it."""
        if position != self._position:
            self._timer.stop()
        self._position = position
        self._process = process

    def leave(self) -> None:
        """The pointer is elsewhere."""
        self._position = None
        self._process = None
        self._timer.stop()

    def rows_moved(self, process: int | None) -> None:
        """Rows have moved; now the row of `process` is below the pointer."""
        if self._position is not None and process != self._process:
            self._process = process
            self._timer.start()

    def scrolled(self, process: int | None) -> None:
        """The user scrolled with the wheel; now the row of `process` is below the pointer."""
        self._process = process

    def may_press(self, position: QPoint, process: int) -> bool:
        """Whether a press at `position` on the button of `process` counts. A press where the
        pointer has not been counts as a move; one on a row that slipped below it does not."""
        if position == self._position:
            self.rows_moved(process)
        else:
            self.move(position, process)
        return self.is_armed
