"""Draws text that is no grid: other scripts, emoji, writing from right to left."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QTextCharFormat, QTextLayout, QTextOption

from ...kit.text.ansi import PLAIN, Style

if TYPE_CHECKING:
    from .log_style import LogStyle
    from .row import MessageRow


def draw_shaped(
    painter: QPainter, area: QRectF, baseline: float, row: MessageRow, look: LogStyle
) -> None:
    """Draw the text of a row into `area`; the layout is kept with the row."""
    key = (look.ink, look.pattern, look.fonts)
    if not isinstance(row.paint_cache, tuple) or row.paint_cache[0] != key:
        row.paint_cache = (key, *_layout(row, look))
    layout, ascent = row.paint_cache[1], row.paint_cache[2]
    painter.setClipRect(area)
    painter.setPen(look.ink.line(row.level.level))
    layout.draw(painter, QPointF(area.left() - look.offset, baseline - ascent))
    painter.setClipping(False)


def _layout(row: MessageRow, look: LogStyle) -> tuple[QTextLayout, float]:
    """(the layout of one line, the height of its baseline over its top)."""
    text = row.text
    units = _Utf16(text)
    colors, level = look.ink, row.level.level
    formats = []
    for start, end, style, kind, is_level in row.pieces():
        color, ground = colors.run(style, kind, level)
        if is_level and style.foreground is None and ground is None:
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
