"""Small charts of what was, drawn when there is something new and kept as pictures."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

USAGE_WIDTH = 48  # px at 100 %: what a process used in the last minute
USAGE_FLOOR = 25.0  # percent of a core: less than this never fills the height
_MOST = 1200  # pictures kept


class Sparklines:
    """Pictures of histories, by whose they are. A picture is made anew when the history, the
    colour, the size or the scale differs. `points`: how many values fill the width; `floor`: less
    than this never fills the height."""

    def __init__(self, points: int) -> None:
        self._points = points
        self._kept: dict[Hashable, tuple[tuple[object, ...], QPixmap]] = {}

    def picture(
        self,
        whose: Hashable,
        history: tuple[float, ...],
        color: QColor,
        size: tuple[int, int],
        scale: float,
        floor: float,
    ) -> QPixmap:
        """The chart, newest value at the right, scaled to its highest value. `size`: width and
        height in px at 100 %; `scale`: device pixels for each of them."""
        key = (history, color.rgba(), size, scale, floor)
        kept = self._kept.get(whose)
        if kept is not None and kept[0] == key:
            return kept[1]
        if len(self._kept) >= _MOST:
            self._kept.clear()
        width, height = size
        picture = QPixmap(round(width * scale), round(height * scale))
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self._draw(painter, QRectF(0.5, 1, width - 1, height - 2), history, color, floor)
        painter.end()
        self._kept[whose] = key, picture
        return picture

    def _draw(
        self,
        painter: QPainter,
        rect: QRectF,
        history: tuple[float, ...],
        color: QColor,
        floor: float,
    ) -> None:
        highest = max(floor, *history)
        step = rect.width() / (self._points - 1)
        right, bottom, unit = rect.right(), rect.bottom(), rect.height() / highest
        first = right - step * (len(history) - 1)
        line = [
            QPointF(first + step * at, bottom - value * unit) for at, value in enumerate(history)
        ]
        area = QColor(color)
        area.setAlpha(48)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(area)
        painter.drawPolygon(QPolygonF([QPointF(first, bottom), *line, QPointF(right, bottom)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(color, 1))
        painter.drawPolyline(QPolygonF(line))
