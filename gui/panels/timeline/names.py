"""Names on operations: those that have room for one, and how it is written.

Where a name stands moves by whole pixels of the screen along with its operation, so that it looks
the same wherever the operation is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen

from spawnscope.core.analysis.timeline.timeline import Timeline
from spawnscope.core.analysis.timeline.track import Columns, Track
from spawnscope.core.printable import printable

from ...kit.style import theme
from .scale import TimeScale

LEAST = 34  # px from which on an operation may have a name
_PAD = 4
_MOST_WORDS = 4000


class Name(NamedTuple):
    """An operation that is wide enough for a name. Times: Unix ns; `ink`: a colour's meaning."""

    start_ns: int
    end_ns: int
    text: str
    ink: str
    object: int
    is_task: bool

    def is_inside(self, left_ns: int, right_ns: int) -> bool:
        """Whether all of it is seen: only then its name stays where it is when time moves."""
        return self.start_ns >= left_ns and self.end_ns <= right_ns


def find_names(
    timeline: Timeline, track: Track, columns: Columns, tasks: bool, name_of: Callable[[int], str]
) -> list[Name]:
    """The names of the wide operations of `columns`."""
    found = []
    for place in columns.wide.tolist():
        code = track.kind(place)
        number = int(timeline.kinds.object[code])
        operation, text = map(timeline.text, timeline.kinds.texts(code))
        start, end = track.start(place), track.end(place)
        if tasks:
            name, ink = text or "task", "text"
        else:
            name = f"{operation} {name_of(number)}" if number else operation
            ink = "base" if track.waited(place) * 2 >= end - start else "text"
        found.append(Name(start, end, name, ink, number, tasks))
    return found


class NameWriter:
    """Writes names with one font, shortened to the room they have."""

    def __init__(self) -> None:
        self._font: QFont | None = None
        self._metrics = QFontMetrics(QFont())
        self._words: dict[tuple[str, int], str] = {}
        self._widths: dict[str, int] = {}

    def use(self, font: QFont) -> None:
        """The font from now on."""
        if font != self._font:
            self._font = QFont(font)
            self._metrics = QFontMetrics(font)
            self._words.clear()
            self._widths.clear()

    def place(self, scale: TimeScale, start_ns: int, end_ns: int) -> tuple[float, float]:
        """Where something is and how wide, in px, as much of it as is seen."""
        left = (start_ns - scale.left_ns) / scale.column_ns
        width = (end_ns - start_ns) / scale.ns_per_pixel
        if left >= 0 and end_ns <= scale.right_ns:
            return math.floor(left + 0.5) / scale.ratio, width
        edge = max(0.0, left / scale.ratio)
        return edge, min(float(scale.width), scale.x(end_ns)) - edge

    def write(
        self, painter: QPainter, scale: TimeScale, name: Name, area: QRectF, selected: int
    ) -> None:
        """One name into `area`, of which the height counts; a frame around the operation if it is
        one on the selected object."""
        left, width = self.place(scale, name.start_ns, name.end_ns)
        if width < LEAST:
            return
        colors = theme.current()
        rect = QRectF(left, area.top(), width, area.height())
        if name.object and name.object == selected:
            painter.setPen(QPen(theme.color(colors.text), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        self.text(painter, rect, name.text, str(getattr(colors, name.ink)))

    def text(self, painter: QPainter, rect: QRectF, text: str, ink: str) -> None:
        """As much of a text as there is room for."""
        room = int(rect.width()) - 2 * _PAD
        shown = self._fitting(text, room)
        if len(shown) < 2 and len(text) > 1:
            return
        assert self._font is not None
        metrics = self._metrics
        base = rect.top() + (rect.height() - metrics.height()) / 2 + metrics.ascent()
        painter.setFont(self._font)
        painter.setPen(theme.color(ink))
        # Qt counts in 64ths of our pixels; a whole pixel of the screen need not be one.
        painter.save()
        painter.translate(rect.left(), 0)
        painter.drawText(QPointF(_PAD, base), shown)
        painter.restore()

    def _fitting(self, text: str, room: int) -> str:
        width = self._widths.get(text)
        if width is not None and width <= room:
            return self._words[text, -1]
        shown = self._words.get((text, room))
        if shown is None:
            if len(self._words) > _MOST_WORDS:
                self._words.clear()
                self._widths.clear()
            whole = printable(text)
            shown = self._metrics.elidedText(whole, Qt.TextElideMode.ElideRight, room)
            self._words[text, room] = shown
            if shown == whole:
                self._widths[text] = room
                self._words[text, -1] = shown
        return shown
