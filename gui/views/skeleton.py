"""What the window shows in its first moment: its own shape, empty.

The panels take longer to load than a window takes to appear. So the window appears first, with
the areas where the panels are about to be, and they move in while the eye is still arriving.
"""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ..style import theme

_LAUNCH_WIDTH = 290
_HEAD_HEIGHT = 38


class Skeleton(QWidget):
    """Areas and lines, no text. `with_launch`: whether there will be a Launch panel."""

    def __init__(self, with_launch: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left = _LAUNCH_WIDTH if with_launch else 0
        self.setAccessibleName("Loading")

    def paintEvent(self, event: QPaintEvent) -> None:
        """The areas in the colours that the panels will have."""
        colors = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(colors.window))
        middle = self.height() // 2
        for top, bottom in ((0, middle), (middle, self.height())):
            area = QRect(self._left + 1, top + _HEAD_HEIGHT, self.width(), bottom - top)
            painter.fillRect(area, theme.color(colors.base))
        painter.fillRect(
            QRect(self._left + 1, middle, self.width(), _HEAD_HEIGHT), theme.color(colors.window)
        )
        line = theme.color(colors.border)
        for top in (_HEAD_HEIGHT, middle, middle + _HEAD_HEIGHT):
            painter.fillRect(QRect(self._left, top, self.width(), 1), line)
        if self._left:
            painter.fillRect(QRect(self._left, 0, 1, self.height()), line)
        painter.end()
