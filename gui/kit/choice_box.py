"""A combo box whose arrow is one of our icons, in the colour of the theme at the time."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox

from .style import icons, theme

_ARROW = 14  # px at 100 %
_STYLE = """
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: none; }
QComboBox QLineEdit { border: none; padding: 0; background: transparent; }
"""


class ChoiceBox(QComboBox):
    """The wheel scrolls the form and changes no value unless the box has the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # a turn of the wheel gives it no keyboard
        self.setStyleSheet(_STYLE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, and the arrow upon it."""
        super().paintEvent(event)
        painter = QPainter(self)
        top = (self.height() - _ARROW) // 2
        place = QRect(self.width() - _ARROW - theme.SPACE, top, _ARROW, _ARROW)
        name = "muted" if self.isEnabled() else "faint"
        icons.icon("chevron-down", name).paint(painter, place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """See the class."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
