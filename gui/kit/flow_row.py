"""Widgets beside one another, which go on in a further row where there is no more room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from .style import theme


class FlowRow(QWidget):
    """Places its children by itself, as high as its width makes it. It emits nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """Those that are there."""
        return tuple(self._parts)

    def fill(self, parts: Sequence[QWidget]) -> None:
        """Exactly these, in this order; what was there goes."""
        for part in self._parts:
            part.clearFocus()  # or Qt would hand the keyboard on to anybody
            part.hide()
            part.deleteLater()
        self._parts = list(parts)
        for part in parts:
            part.setParent(self)
            part.show()
        self.setVisible(bool(parts))
        self.updateGeometry()
        self._place(self.width(), move=True)

    def sizeHint(self) -> QSize:
        """All in one row."""
        shown = [part for part in self._parts if not part.isHidden()]
        width = sum(part.sizeHint().width() + theme.SPACE for part in shown)
        return QSize(width, self._place(width, move=False))

    def minimumSizeHint(self) -> QSize:
        """One row; what more it takes depends on the width."""
        shown = [part for part in self._parts if not part.isHidden()]
        return QSize(1, max((part.sizeHint().height() for part in shown), default=0))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, move=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width(), move=True)

    def event(self, event: QEvent) -> bool:
        """A part that says something else has another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._place(self.width(), move=True)
        return super().event(event)

    def _place(self, room: int, move: bool) -> int:
        """Place everything if `move`; returns the height of it all."""
        x = y = height = 0
        for part in self._parts:
            if part.isHidden():
                continue
            size = part.sizeHint()
            width = min(size.width(), max(1, room))
            if x and x + width > room:
                x, y = 0, y + height + theme.SPACE // 2
                height = 0
            if move:
                part.setGeometry(x, y, width, size.height())
            x += width + theme.SPACE
            height = max(height, size.height())
        return y + height
