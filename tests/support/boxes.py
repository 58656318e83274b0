"""Questions in boxes, answered as a hand does."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot


def boxes(home: QWidget) -> list[QMessageBox]:
    """Those that stand before a widget."""
    return [box for box in home.findChildren(QMessageBox) if box.isVisible()]


def press(box: QMessageBox, text: str) -> None:
    """Press its button with this text."""
    (button,) = [each for each in box.findChildren(QPushButton) if each.text() == text]
    button.click()


def answer(home: QWidget, qtbot: QtBot, text: str) -> str:
    """Wait for the one box and press a button of it; returns what it said."""
    qtbot.waitUntil(lambda: bool(boxes(home)))
    (box,) = boxes(home)
    said = f"{box.text()} {box.informativeText()}"
    press(box, text)
    qtbot.waitUntil(lambda: not boxes(home))
    return said
