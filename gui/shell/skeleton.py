"""What the window shows in its first moment: its own shape, empty.

The panels take longer to load than a window takes to appear. So the window appears first, with
the areas where the panels are about to be, and they move in while the eye is still arriving.
It is made of plain widgets that Qt paints by itself: a painter in Python would cost more than all
the rest of the first paint, since PySide then loads the classes of all widgets there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from spawnscope.core.translation import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_LAUNCH_WIDTH = 290
_HEAD_HEIGHT = 38


class Skeleton(QWidget):
    """Areas and lines, no text. `with_launch`: whether there will be a Launch panel."""

    def __init__(self, with_launch: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Loading"))
        self._left = _LAUNCH_WIDTH if with_launch else 0
        role = QPalette.ColorRole
        self._areas = [self._area(role.Base) for _ in range(2)]
        self._lines = [self._area(role.Mid) for _ in range(4)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The proportions that the panels begin with."""
        left, width, height = self._left, self.width(), self.height()
        middle = height // 2
        for area, top, bottom in zip(self._areas, (0, middle), (middle, height), strict=True):
            area.setGeometry(left, top + _HEAD_HEIGHT, width - left, bottom - top - _HEAD_HEIGHT)
        for line, top in zip(
            self._lines, (_HEAD_HEIGHT, middle, middle + _HEAD_HEIGHT), strict=False
        ):
            line.setGeometry(left, top, width - left, 1)
        self._lines[-1].setGeometry(left, 0, 1 if left else 0, height)

    def _area(self, role: QPalette.ColorRole) -> QWidget:
        area = QWidget(self)
        area.setBackgroundRole(role)
        area.setAutoFillBackground(True)
        return area
