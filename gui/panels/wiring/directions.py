"""Which node comes next, seen from one of them in a direction: its neighbours first."""

from __future__ import annotations

from spawnscope.core.analysis.wiring.graph import NodeKey

from .scene import WiringScene

_ASIDE = 2.5  # how much a px to the side costs, against one ahead
_STRANGER = 3.0  # how much further away a node counts that no edge leads to


def next_node(
    scene: WiringScene, key: NodeKey | None, direction: tuple[int, int]
) -> NodeKey | None:
    """The nearest node in a direction, where one that an edge leads to is preferred; without a
    node to begin with, the one at the top left. None where there is nothing."""
    if key is None or key not in scene.nodes:
        return min(
            scene.nodes,
            key=lambda one: scene.nodes[one].x() + scene.nodes[one].y(),
            default=None,
        )
    here = scene.nodes[key].pos()
    near = {edge[0] if edge[1] == key else edge[1] for edge in scene.edges if key in edge[:2]}
    best, least = None, float("inf")
    for other, item in scene.nodes.items():
        away = item.pos() - here
        ahead = away.x() * direction[0] + away.y() * direction[1]
        aside = abs(away.x() * direction[1]) + abs(away.y() * direction[0])
        if other == key or ahead <= 1 or aside > 4 * ahead + 40:
            continue
        cost = (ahead + _ASIDE * aside) * (1.0 if other in near else _STRANGER)
        if cost < least:
            best, least = other, cost
    return best
