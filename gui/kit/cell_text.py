"""Text and dots within the cells of tables that paint whole rows by themselves."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from spawnscope.core.printable import printable

from .style import theme

DOT = 8  # px at 100 %, across
_MOST = 4000  # texts whose measures are kept
_LONGEST = 400  # characters of a text that are looked at


class CellText:
    """Draws lines of text, elided where they are too long, and remembers their measures."""

    def __init__(self) -> None:
        self._font: QFont | None = None
        self.metrics = QFontMetrics(QFont())
        self._measures: dict[tuple[str, int, bool], tuple[str, int]] = {}

    def use(self, font: QFont) -> None:
        """Text is drawn in this font from now on."""
        if font != self._font:
            self._font = QFont(font)
            self.metrics = QFontMetrics(font)
            self._measures.clear()

    def fitted(self, text: str, width: int, *, middle: bool = False) -> tuple[str, int]:
        """(what is shown of a text in so many px, how many it takes); elided at its end or, where
        that tells most, in the `middle`."""
        key = (text, width, middle)
        measure = self._measures.get(key)
        if measure is None:
            if len(self._measures) >= _MOST:
                self._measures.clear()
            mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
            shown = self.metrics.elidedText(printable(text, _LONGEST), mode, width)
            measure = self._measures[key] = shown, self.metrics.horizontalAdvance(shown)
        return measure

    def draw(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        ink: str,
        *,
        right: bool = False,
        middle: bool = False,
    ) -> None:
        """One line within `rect`, at its left or its `right`."""
        if not text or rect.width() <= 0:
            return
        shown, width = self.fitted(text, rect.width(), middle=middle)
        left = rect.right() + 1 - width if right else rect.left()
        metrics = self.metrics
        base = rect.top() + (rect.height() - metrics.height()) // 2 + metrics.ascent()
        painter.setPen(theme.color(ink))
        painter.drawText(left, base, shown)


def draw_dot(
    painter: QPainter, left: float, middle: float, color: QColor, *, hollow: bool = False
) -> None:
    """The dot in the colour of a process; a ring for one that has ended."""
    dot = QRectF(left, middle - DOT / 2, DOT, DOT)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    if hollow:
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot.adjusted(0.75, 0.75, -0.75, -0.75))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(dot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
