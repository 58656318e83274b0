"""The ruler above the lanes, and the lines below its marks."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPolygonF

from ...kit.style import theme
from .ruler import Ruler

HEIGHT = 28  # px at 100 %
_LARGE, _SMALL = 7, 4


def paint_ruler(painter: QPainter, area: QRect, marks: Ruler, metrics: QFontMetrics) -> None:
    """`area`: above the lanes; marks are measured from its left edge."""
    colors = theme.current()
    painter.fillRect(area, theme.color(colors.window))
    bottom = area.bottom()
    base = area.top() + (area.height() - _LARGE - metrics.height()) // 2 + metrics.ascent() + 1
    left = area.left()
    painter.setPen(theme.color(colors.faint))
    painter.drawLines(
        [
            QLineF(left + x, bottom - (_LARGE if text else _SMALL), left + x, bottom)
            for x, text, _time in marks.marks
        ]
    )
    painter.setPen(theme.color(colors.muted))
    for x, text, _time in marks.marks:
        if text:
            half = metrics.horizontalAdvance(text) / 2
            painter.drawText(QPointF(left + x - half, base), text)
    painter.fillRect(QRect(area.left(), bottom, area.width(), 1), theme.color(colors.border))


def grid_ink() -> QColor:
    """The faint lines through the lanes, below the marks with a text."""
    return theme.color("#20252d" if theme.current().dark else "#eceff3")


def paint_playhead(painter: QPainter, x: float, ruler: QRect, bottom: int) -> None:
    """The moment that the whole window shows: a line through all lanes, with a handle."""
    color = theme.color(theme.current().accent)
    painter.fillRect(QRectF(x - 0.5, ruler.bottom() - 2, 1.5, bottom - ruler.bottom() + 2), color)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    top = ruler.bottom() - 12
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(x - 6, top),
                QPointF(x + 6, top),
                QPointF(x + 6, top + 6),
                QPointF(x, top + 12),
                QPointF(x - 6, top + 6),
            ]
        )
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
