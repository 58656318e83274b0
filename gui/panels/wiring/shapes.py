"""The outlines of nodes: the shape says what kind of thing it is, also without colours.

processes: rounded boxes; what carries items: a tube; what guards: a hexagon; what signals: a
slanted box; a pool: a box with two posts; memory: a plain box.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

PROCESS_BOX = QRectF(-104, -23, 208, 46)
OBJECT_BOX = QRectF(-88, -22, 176, 44)
STACK = 4.0  # px between the sheets of a group


@cache
def outline(shape: str) -> QPainterPath:
    """The outline around (0, 0) of "process", "group", "tube", "hexagon", "slant", "posts" or
    "plain"."""
    path = QPainterPath()
    box = box_of(shape)
    if shape in ("process", "group"):
        path.addRoundedRect(box, 9, 9)
    elif shape == "tube":
        path.addRoundedRect(box, box.height() / 2, box.height() / 2)
    elif shape in ("hexagon", "slant"):
        cut = 13.0
        low = cut if shape == "hexagon" else 0.0
        middle = box.center().y() if shape == "hexagon" else box.bottom()
        points = [
            (box.left() + cut, box.top()),
            (box.right() - low, box.top()),
            (box.right(), box.center().y() if shape == "hexagon" else box.top()),
            (box.right() - cut, box.bottom()),
            (box.left() + low, box.bottom()),
            (box.left(), middle),
        ]
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
        path.closeSubpath()
    else:
        path.addRoundedRect(box, 3, 3)
    return path


@cache
def details(shape: str) -> QPainterPath:
    """Lines within an outline: the posts of a pool."""
    path = QPainterPath()
    if shape == "posts":
        box = box_of(shape)
        for x in (box.left() + 6, box.right() - 6):
            path.moveTo(x, box.top())
            path.lineTo(x, box.bottom())
    return path


def box_of(shape: str) -> QRectF:
    """The rectangle that a node of this shape takes, around (0, 0)."""
    return PROCESS_BOX if shape in ("process", "group") else OBJECT_BOX


def shape_of(look: str, picture: str, meaning: str) -> str:
    """The shape for a Face's `look`, whose type has this icon and colour."""
    if look in ("process", "group"):
        return look
    if meaning == "accent":
        return "tube"
    if meaning == "warning":
        return "hexagon" if picture == "lock" else "slant"
    return "posts" if meaning == "good" else "plain"
