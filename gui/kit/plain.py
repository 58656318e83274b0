"""Widgets that show text as it is written, whoever wrote it.

Qt's own guess whether a text is meant to be HTML; these never do. The rest of the window makes
labels, tooltips and message boxes through here, or through `markup` where it wants bold words and
links (a test holds it).
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QMessageBox, QTabBar, QToolTip, QWidget

from .text.foreign import caption, paragraphs, tip, window_title

_PLAIN = Qt.TextFormat.PlainText


class HasTip(Protocol):
    """A widget or an action."""

    def setToolTip(self, text: str, /) -> None:
        """Qt's own."""


def set_tip(place: HasTip, text: str) -> None:
    """Show this text, as it is, when the pointer rests on a widget or an action."""
    place.setToolTip(tip(text))


def add_entry(menu: QMenu, text: str) -> QAction:
    """One more entry of a menu, with a name in it: Qt would make that its tooltip, too."""
    action = menu.addAction(caption(text))
    set_tip(action, text)
    return action


def set_tab_tip(tabs: QTabBar, place: int, text: str) -> None:
    """Show this text when the pointer rests on a tab."""
    tabs.setTabToolTip(place, tip(text))


def show_tip(place: QPoint, text: str, widget: QWidget) -> None:
    """Show this text at once, at a global position, for `widget`."""
    QToolTip.showText(place, tip(text), widget)


def hide_tip() -> None:
    """What the tooltip tells has gone; so does it."""
    QToolTip.hideText()


_SPARE = 40  # px that a figure keeps in case it grows again


class Label(QLabel):
    """A label for plain text. It emits what QLabel does."""

    def __init__(
        self, parent: QWidget | None = None, text: str = "", *, wraps: bool = False
    ) -> None:
        super().__init__(parent)
        super().setTextFormat(_PLAIN)
        self.setWordWrap(wraps)
        if text:
            self.setText(text)

    def setText(self, text: str) -> None:
        """Show this, without what cannot be drawn."""
        super().setText(paragraphs(text))


class Figure(Label):
    """A label for a figure that changes often. It keeps its size as long as the text fits and is
    not far shorter: a label that may change its size has the whole window laid out by each text."""

    def __init__(self, parent: QWidget | None = None, text: str = "") -> None:
        self._fitted = 0  # px: the text that the size was made for
        super().__init__(parent, text)

    def setText(self, text: str) -> None:
        """Show this."""
        super().setText(text)
        advance = self.fontMetrics().horizontalAdvance(self.text())
        hint = self.sizeHint()  # it is never less than the size that is fixed
        if hint != self.minimumSize() or self._fitted - advance > _SPARE:
            shrunk = max(0, self._fitted - advance) if hint == self.minimumSize() else 0
            self._fitted = advance
            self.setFixedSize(hint.width() - shrunk, hint.height())


_WIDE_BOX = 420  # pixels, of a line in the smaller letters of a box


def message_box(
    parent: QWidget | None,
    title: str,
    text: str,
    *,
    more: str = "",
    details: str = "",
    warning: bool = False,
) -> QMessageBox:
    """A box that shows plain text; to be opened with `open`. `more`: in smaller letters below;
    `details`: behind a button."""
    box = QMessageBox(parent)
    box.setWindowTitle(window_title(title))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if warning:
        box.setIcon(QMessageBox.Icon.Warning)
    box.setTextFormat(_PLAIN)
    box.setText(paragraphs(text))
    if more:
        box.setInformativeText(paragraphs(more))
    if details:
        box.setDetailedText(details)
    for label in box.findChildren(QLabel):  # the smaller letters have a format of their own
        label.setTextFormat(_PLAIN)
        if more and label.objectName() == "qt_msgbox_informativelabel":  # else as narrow as `text`
            wide = min(
                max(map(label.fontMetrics().horizontalAdvance, more.splitlines())), _WIDE_BOX
            )
            label.setMinimumWidth(wide)
    return box
