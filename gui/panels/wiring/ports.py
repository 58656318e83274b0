"""Where edges touch their nodes: on the side that faces the other end, side by side.

boxes, edges --sides()--> which side --spread--> 8 numbers for each edge (see EdgeItem.lead)
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF

from spawnscope.core.analysis.wiring.graph import CHILD, Edge, EdgeKey, NodeKey

Ends = tuple[float, float, float, float, float, float, float, float]

_STEP = 9.0  # px between two ports, where there is room
_SHARE = 0.62  # of a side that ports may take
_DIRECTIONS = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "top": (0.0, -1.0), "bottom": (0.0, 1.0)}
_FAR_BACK = 200.0  # px between two boxes with room for another one
_INSIDE = 3.0  # px by which a tail begins below the outline, which is round in places


def ends_of(edges: Mapping[EdgeKey, Edge], boxes: Mapping[NodeKey, QRectF]) -> dict[EdgeKey, Ends]:
    """The two ends of each edge between the given boxes."""
    sides: dict[tuple[NodeKey, str], list[tuple[float, EdgeKey, bool]]] = {}
    chosen: dict[EdgeKey, tuple[str, str]] = {}
    middles = {key: (box.center().x(), box.center().y()) for key, box in boxes.items()}
    for key, edge in edges.items():
        tail, head = edge.tail, edge.head
        (tail_x, tail_y), (head_x, head_y) = middles[tail], middles[head]
        from_side, to_side = _sides(boxes[tail], boxes[head], key[2] == CHILD)
        chosen[key] = from_side, to_side
        upright = from_side in ("left", "right")
        sides.setdefault((tail, from_side), []).append((head_y if upright else head_x, key, True))
        upright = to_side in ("left", "right")
        sides.setdefault((head, to_side), []).append((tail_y if upright else tail_x, key, False))
    spots: dict[tuple[EdgeKey, bool], tuple[float, float]] = {}
    for (node, side), users in sides.items():
        box = boxes[node]
        users.sort(key=lambda user: (user[0], user[1]))
        upright = side in ("left", "right")
        room = (box.height() if upright else box.width()) * _SHARE
        step = min(_STEP, room / (len(users) - 1)) if len(users) > 1 else 0.0
        first = -step * (len(users) - 1) / 2
        x, y = middles[node]
        for i, (_, key, is_tail) in enumerate(users):
            shift = first + i * step
            inside = _INSIDE if is_tail else 0.0
            if side == "left":
                spot = box.left() + inside, y + shift
            elif side == "right":
                spot = box.right() - inside, y + shift
            elif side == "top":
                spot = x + shift, box.top() + inside
            else:
                spot = x + shift, box.bottom() - inside
            spots[key, is_tail] = spot
    return {
        key: (
            *spots[key, True], *_DIRECTIONS[from_side], *spots[key, False], *_DIRECTIONS[to_side],
        )
        for key, (from_side, to_side) in chosen.items()
    }  # fmt: skip


def _sides(tail: QRectF, head: QRectF, is_child: bool) -> tuple[str, str]:
    """The sides that face each other. To go beside is preferred: it is the way things flow."""
    if head.left() >= tail.right():
        return "right", "left"
    if head.right() <= tail.left():
        # Far back there are others in between: over them in an arch.
        return ("top", "right") if tail.left() - head.right() > _FAR_BACK else ("left", "right")
    if is_child and abs(head.center().x() - tail.center().x()) < 1:
        return "left", "left"
    if head.top() >= tail.bottom():
        return "bottom", "top"
    if head.bottom() <= tail.top():
        return "top", "bottom"
    return "right", "left"
