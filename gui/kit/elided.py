"""A label that gives way: where it has no room for its text, the end of that is in its tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from .plain import Label, set_tip
from .text.foreign import paragraphs

_LEAST = 5  # characters


class ElidedLabel(Label):
    """It emits what QLabel does."""

    def __init__(self, parent: QWidget | None = None, explanation: str = "") -> None:
        """`explanation`: what else its tooltip says."""
        super().__init__(parent)
        self._full = ""
        self._explanation = explanation

    def text(self) -> str:
        """All of it, whatever is seen."""
        return self._full

    def setText(self, text: str) -> None:
        """Show this, as far as there is room."""
        text = paragraphs(text)
        if text != self._full:
            self._full = text
            self.updateGeometry()
        self._elide()

    def sizeHint(self) -> QSize:
        """Room for all of it."""
        words = self.fontMetrics().horizontalAdvance(self._full) + 2
        return QSize(words + self._around(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for a few characters."""
        few = self.fontMetrics().horizontalAdvance(self._full[:_LEAST] + "…")
        least = min(few + self._around(), self.sizeHint().width())
        return QSize(least, super().minimumSizeHint().height())

    def _around(self) -> int:
        """What margins, and the padding of a style sheet, take beside the text."""
        shown = self.fontMetrics().horizontalAdvance(super().text())
        return max(0, super().sizeHint().width() - shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = self.fontMetrics()
        room = self.width() - self._around()
        shown = metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, room)
        super().setText(shown)
        cut = "" if shown == self._full else self._full
        set_tip(self, "\n".join(filter(None, (cut, self._explanation))))
