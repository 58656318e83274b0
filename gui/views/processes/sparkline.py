"""The small chart of a process's CPU history, drawn once per sample and kept as a picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from spawnscope.core.client.process_row import HISTORY

WIDTH = 48  # px at 100 %
_FLOOR = 25.0  # percent of a core: less than this never fills the height
_MOST = 400  # pictures kept


class Sparklines:
    """Pictures of histories, by process. A picture is made anew when the history, the colour, the
    height or the scale differs."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[tuple[object, ...], QPixmap]] = {}

    def picture(
        self, process: int, history: tuple[float, ...], color: QColor, height: int, scale: float
    ) -> QPixmap:
        """The chart, newest sample at the right, scaled to its highest value."""
        key = (history, color.rgba(), height, scale)
        kept = self._kept.get(process)
        if kept is not None and kept[0] == key:
            return kept[1]
        if len(self._kept) >= _MOST:
            self._kept.clear()
        picture = QPixmap(round(WIDTH * scale), round(height * scale))
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        _draw(painter, QRectF(0.5, 1, WIDTH - 1, height - 2), history, color)
        painter.end()
        self._kept[process] = key, picture
        return picture


def _draw(painter: QPainter, rect: QRectF, history: tuple[float, ...], color: QColor) -> None:
    highest = max(_FLOOR, *history)
    step = rect.width() / (HISTORY - 1)
    right, bottom, unit = rect.right(), rect.bottom(), rect.height() / highest
    first = right - step * (len(history) - 1)
    line = [QPointF(first + step * at, bottom - value * unit) for at, value in enumerate(history)]
    area = QColor(color)
    area.setAlpha(48)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(area)
    painter.drawPolygon(QPolygonF([QPointF(first, bottom), *line, QPointF(right, bottom)]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(color, 1))
    painter.drawPolyline(QPolygonF(line))
