"""One edge of the picture: a curve, with a head where something flows.

Both are items of Qt that paint themselves in C++: only a difference is told to them.
"""

from __future__ import annotations

from functools import lru_cache
from math import hypot

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QPainterPath, QPainterPathStroker, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsPolygonItem

from spawnscope.core.analysis.wiring.graph import CHILD, EdgeKey

from ...kit.style.theme import DARK, LIGHT, Theme
from .face import Stroke
from .ink import edge_color

_DASHES = (8.0, 6.5)  # px
_DOTS = [0.01, 2.4]  # widths of the line
_HIT = 9.0  # px within which the pointer means the edge
DIMMED = 0.16  # opacity of what has nothing to do with the selection


@lru_cache(maxsize=1024)
def _ink_of(stroke: Stroke, dark: bool, least: float) -> tuple[QPen, QBrush]:
    """For the line and for its head; many edges look alike."""
    color = edge_color(DARK if dark else LIGHT, stroke.level, stroke.faint, stroke.fault)
    width = max(stroke.width, least)
    pen = QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    if stroke.line == "dash":
        pen.setDashPattern([part / max(1.0, width) for part in _DASHES])
    elif stroke.line == "dot":
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setDashPattern(_DOTS)
    return pen, QBrush(color)


def _head_size(stroke: Stroke) -> float:
    return 9.5 if stroke.width < 2.5 else 12.5 if stroke.width < 4.5 else 16.0


class EdgeItem(QGraphicsPathItem):
    """Leads from port to port; `route` gives it its way, `show_stroke` its look."""

    def __init__(self, key: EdgeKey, stroke: Stroke) -> None:
        super().__init__()
        self.key = key
        self.stroke = stroke
        self._dressed: tuple[object, ...] = ()
        self._ends: tuple[float, ...] = ()
        self._straight = False
        self._hit: QPainterPath | None = None
        self._head = QGraphicsPolygonItem(self) if stroke.arrow else None
        self.base_z = -2.0 if key[2] == CHILD else -1.0  # below all nodes
        self.setZValue(self.base_z)
        if self._head is not None:
            self._head.setPen(Qt.PenStyle.NoPen)

    def dress(self, stroke: Stroke, colors: Theme, least: float, straight: bool) -> None:
        """Take this look. `least`: a width below which a line would vanish from far away."""
        dressed = (stroke, colors.dark, least, straight)
        if dressed == self._dressed:
            return
        # In few steps: a head of another size makes the line end elsewhere, and that costs most.
        other_way = straight != self._straight or _head_size(stroke) != _head_size(self.stroke)
        self._straight = straight
        self._dressed, self.stroke = dressed, stroke
        pen, brush = _ink_of(stroke, colors.dark, least)
        self.setPen(pen)
        if self._head is not None:
            self._head.setBrush(brush)
        if other_way and self._ends:
            self._draw()

    def lead(self, ends: tuple[float, ...]) -> None:
        """Go from (x, y) in the direction (dx, dy) to (x, y), arriving from (dx, dy): 8 numbers."""
        if ends != self._ends:
            self._ends = ends
            self._draw()

    def _draw(self) -> None:
        x1, y1, dx1, dy1, x2, y2, dx2, dy2 = self._ends
        if self._head is not None:
            size = _head_size(self.stroke)
            half = size * 0.48
            tip_x, tip_y = x2 + dx2, y2 + dy2  # a px off the box
            x2, y2 = x2 + dx2 * size, y2 + dy2 * size
            across_x, across_y = -dy2 * half, dx2 * half
            self._head.setPolygon(
                QPolygonF(
                    [
                        QPointF(tip_x, tip_y),
                        QPointF(x2 + across_x, y2 + across_y),
                        QPointF(x2 - across_x, y2 - across_y),
                    ]
                )
            )
        path = QPainterPath(QPointF(x1, y1))
        if self._straight:
            path.lineTo(x2, y2)
        else:
            r = max(26.0, min(110.0, hypot(x2 - x1, y2 - y1) * 0.45))
            path.cubicTo(x1 + dx1 * r, y1 + dy1 * r, x2 + dx2 * r, y2 + dy2 * r, x2, y2)
        self._hit = None
        self.setPath(path)

    def shape(self) -> QPainterPath:
        if self._hit is None:
            stroker = QPainterPathStroker()
            stroker.setWidth(_HIT + self.stroke.width)
            self._hit = stroker.createStroke(self.path())
        return self._hit
