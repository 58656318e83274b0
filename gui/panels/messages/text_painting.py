"""Draws the text of a line: fast where it is ASCII, right where it is not.

A line of ASCII in a fixed-pitch font is a grid: each run is drawn where its column is, and only
what is in view. Everything else is left to `shaped_text`, which is loaded when first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from ...kit.text.level import Level

if TYPE_CHECKING:
    from ...kit.fonts import LogFonts
    from .log_style import LogStyle
    from .row import MessageRow


def text_width(row: MessageRow, fonts: LogFonts) -> float:
    """How wide the whole text of a row is, in pixels (an estimate for what is no ASCII)."""
    text = row.text
    if text.isascii():
        return len(text) * fonts.pitch
    return fonts.fixed_metrics.horizontalAdvance(text)


def draw_text(
    painter: QPainter, area: QRectF, baseline: float, row: MessageRow, look: LogStyle
) -> None:
    """Draw the text of a row into `area`."""
    if look.fonts.is_fixed and row.text.isascii():
        _draw_grid(painter, area, baseline, row, look)
    else:
        from .shaped_text import draw_shaped

        draw_shaped(painter, area, baseline, row, look)


def _draw_grid(
    painter: QPainter, area: QRectF, baseline: float, row: MessageRow, look: LogStyle
) -> None:
    text, fonts, colors = row.text, look.fonts, look.ink
    pitch, pattern = fonts.pitch, look.pattern
    left = area.left() - look.offset
    first = int(look.offset / pitch + 0.01)
    last = min(len(text), int((look.offset + area.width()) / pitch) + 1)
    if pattern is not None:
        for start, end in row.marks(pattern):
            if end > first and start < last:
                place = QRectF(
                    left + start * pitch, area.top() + 1, (end - start) * pitch, area.height() - 2
                )
                painter.fillRect(place, colors.mark)
    level = row.level
    runs = row.line.runs
    if not runs and not row.continues and level.level is Level.NONE:
        painter.setFont(fonts.fixed)
        painter.setPen(colors.line(level.level))
        painter.drawText(QPointF(left + first * pitch, baseline), text[first:last])
        return
    if not isinstance(row.paint_cache, list):
        row.paint_cache = row.pieces()
    for start, end, style, kind, is_level in row.paint_cache:
        if start >= last:
            break
        if end <= first:
            continue
        color, ground = colors.run(style, kind, level.level)
        if is_level and style.foreground is None and ground is None:
            color = colors.word(level.level)
        start, end = max(start, first), min(end, last)
        x = left + start * pitch
        if ground is not None:
            painter.fillRect(
                QRectF(x, area.top() + 1, (end - start) * pitch, area.height() - 2), ground
            )
        bold = style.bold or is_level
        if bold or style.italic or style.underline or style.strike:
            painter.setFont(fonts.styled(bold, style.italic, style.underline, style.strike))
        else:
            painter.setFont(fonts.fixed)
        painter.setPen(color)
        painter.drawText(QPointF(x, baseline), text[start:end])
