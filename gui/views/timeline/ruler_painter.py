"""The ruler above the lanes, and the lines below its marks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF

from ...models.timeline_ruler import Ruler
from ...style import theme

HEIGHT = 28  # px at 100 %
_LARGE, _SMALL = 7, 4


def paint_ruler(painter: QPainter, area: QRect, marks: Ruler, metrics: QFontMetrics) -> None:
    """`area`: above the lanes; marks are measured from its left edge."""
    colors = theme.current()
    painter.fillRect(area, theme.color(colors.window))
    bottom = area.bottom()
    text_pen, line_pen = QPen(theme.color(colors.muted)), QPen(theme.color(colors.faint))
    base = area.top() + (area.height() - _LARGE - metrics.height()) // 2 + metrics.ascent() + 1
    for mark in marks.marks:
        x = area.left() + mark.x
        painter.setPen(line_pen)
        painter.drawLine(QPointF(x, bottom - (_LARGE if mark.text else _SMALL)), QPointF(x, bottom))
        if mark.text:
            painter.setPen(text_pen)
            width = metrics.horizontalAdvance(mark.text)
            painter.drawText(QPointF(x - width / 2, base), mark.text)
    painter.fillRect(QRect(area.left(), bottom, area.width(), 1), theme.color(colors.border))


def paint_grid(painter: QPainter, area: QRect, marks: Ruler) -> None:
    """Faint lines through the lanes below the marks with a text."""
    ink = theme.color(theme.current().alternate if not theme.current().dark else "#20252d")
    if not theme.current().dark:
        ink = theme.color("#eceff3")
    for mark in marks.marks:
        if mark.text:
            painter.fillRect(QRectF(area.left() + mark.x, area.top(), 1, area.height()), ink)


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
