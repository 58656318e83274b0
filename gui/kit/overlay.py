"""Keeps one widget at its place over another."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from .style import theme


class Overlay(QObject):
    """Keeps `widget` in the middle of `over`, or at its foot, while that is resized."""

    def __init__(self, widget: QWidget, over: QWidget, *, centered: bool) -> None:
        super().__init__(widget)
        self._widget = widget
        self._over = over
        self._centered = centered
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def place(self) -> None:
        size, room = self._widget.sizeHint(), self._over.size()
        if self._centered:
            size = size.boundedTo(room)
            x, y = (room.width() - size.width()) // 2, (room.height() - size.height()) * 2 // 5
        else:
            x = (room.width() - size.width()) // 2
            y = room.height() - size.height() - theme.SPACE * 3 // 2
        self._widget.setGeometry(max(0, x), max(0, y), size.width(), size.height())
