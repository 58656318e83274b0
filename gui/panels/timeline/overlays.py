"""What lies over the lanes: the measured span, and the arrow from who ended a wait."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF

from ...kit.style import theme

_HEAD = 7.0  # px: the head of an arrow
_AA = QPainter.RenderHint.Antialiasing


def paint_measure(
    painter: QPainter,
    area: QRect,
    left: float,
    right: float,
    lines: list[str],
    metrics: QFontMetrics,
) -> None:
    """The span between two places, and a card that says what was measured."""
    colors = theme.current()
    accent = theme.color(colors.accent)
    veil = QColor(accent)
    veil.setAlphaF(0.13)
    left, right = min(left, right), max(left, right)
    painter.fillRect(QRectF(left, area.top(), right - left, area.height()), veil)
    for x in (left, right):
        painter.fillRect(QRectF(x - 0.5, area.top(), 1, area.height()), accent)
    width = max(map(metrics.horizontalAdvance, lines)) + 2 * theme.SPACE
    height = metrics.height() * len(lines) + theme.SPACE
    x = min(max((left + right - width) / 2, area.left() + 4), area.right() - width - 4)
    card = QRectF(round(x), area.top() + 6, width, height)
    painter.setRenderHint(_AA, True)
    painter.setPen(QPen(accent, 1))
    painter.setBrush(theme.color(colors.raised))
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
    painter.setRenderHint(_AA, False)
    for number, line in enumerate(lines):
        painter.setPen(theme.color(colors.muted if number else colors.text))
        y = card.top() + theme.SPACE / 2 + metrics.ascent() + number * metrics.height()
        painter.drawText(QPointF(card.left() + theme.SPACE, y), line)


def paint_arrow(painter: QPainter, start: QPointF, end: QPointF) -> None:
    """From what ended a wait to the end of the wait."""
    colors = theme.current()
    ink = theme.color(colors.text)
    path = QPainterPath(start)
    across, down = end.x() - start.x(), end.y() - start.y()
    if abs(across) > abs(down):
        bend = QPointF(across / 2, 0)
    else:
        bend = QPointF(0, down / 2)
    path.cubicTo(start + bend, end - bend, end)
    painter.setRenderHint(_AA, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    halo = QPen(theme.color(colors.base), 4)
    for pen in (halo, QPen(ink, 1.6)):
        painter.setPen(pen)
        painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(start, 3, 3)
    angle = math.radians(-path.angleAtPercent(0.97))
    sides = [
        QPointF(end.x() - _HEAD * math.cos(angle + turn), end.y() - _HEAD * math.sin(angle + turn))
        for turn in (0.45, -0.45)
    ]
    painter.drawPolygon(QPolygonF([end, *sides]))
    painter.setRenderHint(_AA, False)
