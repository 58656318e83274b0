"""The way back to the newest messages, over the foot of the log."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QPushButton, QWidget

from .overlay import Overlay
from .plain import set_tip
from .style import icons


class NewestButton(QPushButton):
    """Says how many messages (or what `noun` says) came since the user scrolled up; a click goes
    to them."""

    def __init__(self, over: QWidget, noun: str = "message") -> None:
        super().__init__(over)
        self._noun = noun
        self.setIcon(icons.icon("arrow-down", "accent"))
        set_tip(self, f"Go to the newest {noun}s and follow them (End)")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(14)
        shadow.setOffset(0, 2)
        shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(shadow)
        self._overlay = Overlay(self, over, centered=False)
        self.hide()

    def show_count(self, count: int) -> None:
        """So many wait; 0 for none."""
        text = f"{count:,} new {self._noun}{'' if count == 1 else 's'}"
        if count and text != self.text():
            self.setText(text)
            self._overlay.place()
        self.setVisible(count > 0)
