"""The names at the left of the lanes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen

from spawnscope.core.printable import printable

from ...kit.style import theme
from ...kit.style.icons import icon
from ...kit.style.theme import Theme
from .lanes import LANE, Lane

_RIGHT = Qt.TextElideMode.ElideRight

INDENT = 14
_MARK = 14  # of what is not instrumented
_DOT = 8
_FOLD = 16  # px at the left for the sign that folds threads out
_AA = QPainter.RenderHint.Antialiasing


def fold_rect(lane: Lane, top: int) -> QRect:
    """Where the sign is that folds the threads of a lane out."""
    left = 2 + min(lane.depth, 8) * INDENT
    return QRect(left, top + (LANE - _FOLD) // 2, _FOLD, _FOLD)


def paint_name(
    painter: QPainter,
    lane: Lane,
    rect: QRect,
    metrics: QFontMetrics,
    colors: Theme,
    selected: bool,
) -> None:
    """One name within `rect`, whose ground is there already."""
    row = lane.process
    middle = rect.top() + LANE / 2
    fold = fold_rect(lane, rect.top())
    if lane.more > 0:
        name = "chevron-down" if lane.unfolded else "chevron"
        icon(name, "muted").paint(painter, fold.adjusted(2, 2, -2, -2))
    left = fold.right() + 4
    right = rect.right() - 6
    base = middle - metrics.height() / 2 + metrics.ascent()
    if lane.is_thread:
        left += _DOT + 6
        painter.setPen(theme.color(colors.muted))
        text = metrics.elidedText(printable(lane.thread), _RIGHT, int(right - left))
        painter.drawText(QPointF(left, base), text)
        return
    color = theme.color(colors.process[row.number % len(colors.process)])
    dot = QRectF(left, middle - _DOT / 2, _DOT, _DOT)
    painter.setRenderHint(_AA, True)
    if row.is_live:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(dot)
    else:
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot.adjusted(0.75, 0.75, -0.75, -0.75))
    painter.setRenderHint(_AA, False)
    left += _DOT + 6
    pid = str(row.pid)
    width = metrics.horizontalAdvance(pid)
    if right - left > width + 60:
        painter.setPen(theme.color(colors.selection_text if selected else colors.muted))
        painter.drawText(QPointF(right - width, base), pid)
        right -= width + 8
    if row.is_unseen:
        right -= _MARK
        place = QRect(int(right), int(middle) - _MARK // 2, _MARK, _MARK)
        icon("unseen", "warning").paint(painter, place)
        right -= 6
    ink = colors.selection_text if selected else colors.text if row.is_live else colors.muted
    painter.setPen(theme.color(ink))
    text = metrics.elidedText(row.label, Qt.TextElideMode.ElideMiddle, int(right - left))
    painter.drawText(QPointF(left, base), text)
    if lane.unfolded and lane.has_tasks:
        _paint_thread(painter, lane, rect, left, metrics)


def _paint_thread(
    painter: QPainter, lane: Lane, rect: QRect, left: float, metrics: QFontMetrics
) -> None:
    """Where there is room below the name: the thread whose operations stand beside it."""
    painter.setPen(theme.color(theme.current().muted))
    base = rect.bottom() - 5
    room = int(rect.right() - left - 6)
    text = metrics.elidedText(printable(lane.thread), _RIGHT, room)
    painter.drawText(QPointF(left, base), text)


def small(font: QFont) -> QFont:
    """The font for names on operations."""
    found = QFont(font)
    if font.pointSizeF() > 0:
        found.setPointSizeF(font.pointSizeF() * 0.88)
    return found
