"""Boxes for numbers. The wheel over one that has no keyboard scrolls the page, and changes nothing.

Qt gives the keyboard to a box at a turn of the wheel, unless its focus policy says otherwise.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

_POLICY = Qt.FocusPolicy.StrongFocus  # without the wheel


class CountBox(QSpinBox):
    """Whole numbers from `least` to `most`."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self.setRange(least, most)
        self.setFocusPolicy(_POLICY)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """See the module."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SecondsBox(QDoubleSpinBox):
    """Seconds from 0 to `most`, with a decimal."""

    def __init__(self, most: float) -> None:
        super().__init__()
        self.setRange(0, most)
        self.setDecimals(1)
        self.setSuffix(" s")
        self.setFocusPolicy(_POLICY)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """See the module."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
