"""The way back to the newest messages, over the foot of the log."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QPushButton, QWidget

from spawnscope.core.translation import tr, trn

from .overlay import Overlay
from .plain import set_tip
from .style import icons


class NewestButton(QPushButton):
    """Says how many messages (or operations) came since the user scrolled up; a click goes to
    them."""

    def __init__(self, over: QWidget, *, operations: bool = False) -> None:
        super().__init__(over)
        self._operations = operations
        self.setIcon(icons.icon("arrow-down", "accent"))
        set_tip(
            self,
            tr("Go to the newest operations and follow them (End)")
            if operations
            else tr("Go to the newest messages and follow them (End)"),
        )
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
        text = (
            trn("{count} new operation", "{count} new operations", count)
            if self._operations
            else trn("{count} new message", "{count} new messages", count)
        )
        if count and text != self.text():
            self.setText(text)
            self._overlay.place()
        self.setVisible(count > 0)
