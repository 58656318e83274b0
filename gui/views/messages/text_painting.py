"""Draws the text of a line: fast where it is ASCII, right where it is not.

A line of ASCII in a fixed-pitch font is a grid: each run is drawn where its column is, and only
what is in view. Everything else (other scripts, emoji, writing from right to left) goes through
QTextLayout, which is kept with the row.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QTextCharFormat, QTextLayout, QTextOption

from ...text.ansi import PLAIN, Style
from ...text.level import Level
from ...text.line import Kind, Run

if TYPE_CHECKING:
    from ...models.message_row import MessageRow
    from .fonts import LogFonts
    from .look import Look


def text_width(row: MessageRow, fonts: LogFonts) -> float:
    """How wide the whole text of a row is, in pixels (an estimate for what is no ASCII)."""
    text = row.text
    if text.isascii():
        return len(text) * fonts.pitch
    return fonts.fixed_metrics.horizontalAdvance(text)


def draw_text(
    painter: QPainter, area: QRectF, baseline: float, row: MessageRow, look: Look
) -> None:
    """Draw the text of a row into `area`."""
    if look.fonts.is_fixed and row.text.isascii():
        _draw_grid(painter, area, baseline, row, look)
    else:
        _draw_layout(painter, area, baseline, row, look)


def _draw_grid(
    painter: QPainter, area: QRectF, baseline: float, row: MessageRow, look: Look
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
        row.paint_cache = _pieces(row)
    for start, end, style, kind, is_level in row.paint_cache:
        if start >= last:
            break
        if end <= first:
            continue
        color, ground = colors.run(style, kind, level.level)
        if is_level and style.foreground is None and not style.reverse:
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


def _pieces(row: MessageRow) -> list[tuple[int, int, Style, Kind, bool]]:
    """The runs of a row, cut where the level's word begins and ends, to the end of the text."""
    text, level = row.text, row.level
    runs = row.line.runs or (Run(0, len(row.line.text), PLAIN, Kind.TEXT),)
    if len(text) > len(row.line.text):
        runs = (*runs, Run(len(row.line.text), len(text), PLAIN, Kind.MARK))
    if level.level is Level.NONE:
        return [(run.start, run.end, run.style, run.kind, False) for run in runs]
    pieces = []
    for start, end, style, kind in runs:
        for a, b, inside in (
            (start, min(end, level.start), False),
            (max(start, level.start), min(end, level.end), True),
            (max(start, level.end), end, False),
        ):
            if a < b:
                pieces.append((a, b, style, kind, inside))
    return pieces


def _draw_layout(
    painter: QPainter, area: QRectF, baseline: float, row: MessageRow, look: Look
) -> None:
    key = (look.ink, look.pattern, look.fonts)
    if not isinstance(row.paint_cache, tuple) or row.paint_cache[0] != key:
        row.paint_cache = (key, *_layout(row, look))
    layout, ascent = row.paint_cache[1], row.paint_cache[2]
    painter.setClipRect(area)
    painter.setPen(look.ink.line(row.level.level))
    layout.draw(painter, QPointF(area.left() - look.offset, baseline - ascent))
    painter.setClipping(False)


def _layout(row: MessageRow, look: Look) -> tuple[QTextLayout, float]:
    """(the layout of one line, the height of its baseline over its top)."""
    text = row.text
    units = _Utf16(text)
    colors, level = look.ink, row.level.level
    formats = []
    for start, end, style, kind, is_level in _pieces(row):
        color, ground = colors.run(style, kind, level)
        if is_level and style.foreground is None and not style.reverse:
            color = colors.word(level)
        formats.append(_range(units, start, end, color, ground, style, is_level))
    for start, end in row.marks(look.pattern):
        formats.append(_range(units, start, end, None, colors.mark, None, False))
    layout = QTextLayout(text, look.fonts.shaped)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    layout.setFormats(formats)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return layout, line.ascent() if line.isValid() else 0.0


def _range(
    units: _Utf16,
    start: int,
    end: int,
    color: QColor | None,
    ground: QColor | None,
    style: Style | None,
    is_level: bool,
) -> QTextLayout.FormatRange:
    form = QTextCharFormat()
    if color is not None:
        form.setForeground(color)
    if ground is not None:
        form.setBackground(ground)
    if style is not None and style is not PLAIN:
        form.setFontUnderline(style.underline)
        form.setFontStrikeOut(style.strike)
        form.setFontItalic(style.italic)
    if is_level or (style is not None and style.bold):
        form.setFontWeight(700)
    result = QTextLayout.FormatRange()
    result.start = units.at(start)
    result.length = units.at(end) - result.start
    result.format = form
    return result


class _Utf16:
    """Where a character of Python's stands in Qt's text: emoji take two places there."""

    def __init__(self, text: str) -> None:
        self._places: list[int] | None = None
        if any(character > "\uffff" for character in text):
            widths = (2 if character > "\uffff" else 1 for character in text)
            self._places = list(accumulate(widths, initial=0))

    def at(self, position: int) -> int:
        return position if self._places is None else self._places[position]
