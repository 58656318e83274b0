"""Where the nodes of the wiring stand. A node that has a place keeps it.

    Graph --place()-----> new nodes into free room beside their neighbours
          --lay_out()---> everything anew, component by component

Places are the centres of nodes, in px at 100 %.
"""

from __future__ import annotations

from collections.abc import Iterable

from spawnscope.core.analysis.wiring.graph import CHILD, Graph, NodeKey
from spawnscope.core.analysis.wiring.layers import layered

COLUMN, ROW = 288.0, 74.0  # from one column to the next, from one row to the next
WIDTH, HEIGHT = 210.0, 52.0  # the largest node; what two of them keep clear of
_GAP = 1.5  # rows, or shares of a column, between components
_SHAPE = 1.7  # width to height of what components are packed into
_FAR = 60  # rows up and down in which free room is looked for

Place = tuple[float, float]


class WiringLayout:
    """The places of all nodes that were ever shown, so that who comes back stands where it was."""

    def __init__(self) -> None:
        self.places: dict[NodeKey, Place] = {}

    def lay_out(self, graph: Graph) -> None:
        """Place all nodes anew, those too that the user has moved."""
        self.places.clear()
        self.places.update(_packed(graph, list(graph.nodes)))

    def place(self, graph: Graph) -> list[NodeKey]:
        """Place those nodes that have no place yet; returns them."""
        new = [key for key in graph.nodes if key not in self.places]
        if not new:
            return []
        shown = [key for key in graph.nodes if key in self.places]
        if not shown:
            self.places.update(_packed(graph, new))
            return new
        taken = _Room(self.places[key] for key in shown)
        pulls = _pulls(graph, new)
        waiting = dict.fromkeys(new)
        while waiting:
            known = {key: sum(other in self.places for other, _ in pulls[key]) for key in waiting}
            key = max(known, key=known.__getitem__)  # who knows most of those that stand already
            if not known[key]:
                break
            del waiting[key]
            place = self.places[key] = taken.near(self._wish(pulls[key]))
            taken.take(place)
        if waiting:
            self._place_apart(graph, list(waiting), taken)
        return new

    def beside(self, key: NodeKey, members: Iterable[NodeKey], graph: Graph) -> None:
        """A group was opened: its members stand where it stood, as far as there is room."""
        centre = self.places.get(key)
        if centre is None:
            return
        rest = [self.places[one] for one in graph.nodes if one in self.places and one != key]
        taken = _Room(rest)
        new = [one for one in members if one in graph.nodes and one not in self.places]
        top = centre[1] - ROW * (min(len(new), 8) - 1) / 2
        for i, one in enumerate(new):
            place = taken.near((centre[0] + COLUMN * (i // 8), top + ROW * (i % 8)))
            self.places[one] = place
            taken.take(place)

    def _wish(self, pulls: list[tuple[NodeKey, int]]) -> Place:
        """Where a node would like to stand: in the direction of flow from those it knows."""
        known = [(*self.places[other], side) for other, side in pulls if other in self.places]
        after = [x for x, _, side in known if side > 0]
        before = [x for x, _, side in known if side < 0]
        x = max(after) + COLUMN if after else min(before) - COLUMN
        return x, sum(y for _, y, _ in known) / len(known)

    def _place_apart(self, graph: Graph, new: list[NodeKey], taken: _Room) -> None:
        """What has nothing to do with the others stands below them."""
        found = _packed(graph, new)
        left, _, bottom = taken.bounds()
        low_x = min(x for x, _ in found.values())
        low_y = min(y for _, y in found.values())
        for key, (x, y) in found.items():
            self.places[key] = (x - low_x + left, y - low_y + bottom + ROW * (1 + _GAP))


def _pulls(graph: Graph, keys: Iterable[NodeKey]) -> dict[NodeKey, list[tuple[NodeKey, int]]]:
    """The nodes that each of these would stand beside: 1: to the right of it, -1: to the left.
    What flows decides; without that, who made an object, or who started a process."""
    flows: dict[NodeKey, list[tuple[NodeKey, int]]] = {key: [] for key in keys}
    others: dict[NodeKey, list[tuple[NodeKey, int]]] = {key: [] for key in flows}
    for edge in graph.edges.values():
        found = others if edge.key[2] == CHILD else flows
        if edge.head in found:
            found[edge.head].append((edge.tail, 1))
        if edge.tail in found:
            found[edge.tail].append((edge.head, -1))
    for creator, thing in graph.creators:
        if thing in flows and all(other in flows for other, _ in flows[thing]):
            flows[thing].append((creator, 1))
    return {key: flows[key] or others[key] for key in flows}


class _Room:
    """What is taken; finds free places on a grid around a wish."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = list(places)
        self._cells: dict[tuple[int, int], list[Place]] = {}
        for place in self._places:
            self._note(place)

    def take(self, place: Place) -> None:
        self._places.append(place)
        self._note(place)

    def bounds(self) -> tuple[float, float, float]:
        """Left, right and bottom of the centres."""
        xs = [x for x, _ in self._places]
        return min(xs), max(xs), max(y for _, y in self._places)

    def near(self, wish: Place) -> Place:
        """The free place nearest to a wish: up and down its column, then in the next ones."""
        x, y = wish
        best, least = wish, float("inf")
        for step in (0, 1, -1, 2, -2):
            # A place far down the column costs as much as one beside: the picture stays compact.
            for row in range(_FAR):
                cost = abs(step) * 6 + row
                if cost >= least:
                    break
                for down in (row, -row):
                    place = (x + step * COLUMN, y + down * ROW)
                    if self._is_free(place):
                        best, least = place, cost
                        break
        return best

    def _is_free(self, place: Place) -> bool:
        column, row = self._cell(place)
        for i in (column - 1, column, column + 1):
            for j in (row - 1, row, row + 1):
                for x, y in self._cells.get((i, j), ()):
                    if abs(x - place[0]) < WIDTH + 30 and abs(y - place[1]) < HEIGHT + 14:
                        return False
        return True

    def _note(self, place: Place) -> None:
        self._cells.setdefault(self._cell(place), []).append(place)

    @staticmethod
    def _cell(place: Place) -> tuple[int, int]:
        return int(place[0] // COLUMN), int(place[1] // ROW)


def _packed(graph: Graph, keys: list[NodeKey]) -> dict[NodeKey, Place]:
    """Each component laid out by itself, the big ones first, in rows from left to right."""
    wanted = set(keys)
    edges = [edge for edge in graph.edges.values() if edge.tail in wanted and edge.head in wanted]
    # Where something flows, who started whom does not say where to stand.
    flowing = {key for edge in edges if edge.key[2] != CHILD for key in (edge.tail, edge.head)}
    pulls = [
        (edge.tail, edge.head)
        for edge in edges
        if edge.key[2] != CHILD or not (edge.tail in flowing and edge.head in flowing)
    ]
    # Parts of one program that do not meet yet probably will: who made an object stands by it.
    parts = _components(keys, [(e.tail, e.head) for e in edges if e.key[2] != CHILD])
    part_of = {key: place for place, part in enumerate(parts) for key in part}
    ties = [(edge.tail, edge.head) for edge in edges]
    for creator, thing in graph.creators:
        if creator in wanted and thing in wanted and part_of[creator] != part_of[thing]:
            ties.append((creator, thing))
            pulls.append((creator, thing))
    blocks = []
    for component in _components(keys, ties):
        inside = set(component)
        grid = layered(component, [pull for pull in pulls if pull[0] in inside])
        top = min(row for _, row in grid.values())
        height = max(row for _, row in grid.values()) - top + 1
        width = max(column for column, _ in grid.values()) + 1
        blocks.append((width, height, {key: (c, r - top) for key, (c, r) in grid.items()}))
    blocks.sort(key=lambda block: -block[0] * block[1])
    area = sum((w + _GAP / 2) * COLUMN * (h + _GAP) * ROW for w, h, _ in blocks)
    widest = max([(area * _SHAPE) ** 0.5 / COLUMN, *(block[0] for block in blocks)])
    found: dict[NodeKey, Place] = {}
    left = top = deepest = 0.0
    for width, height, grid in blocks:
        if left and left + width > widest:
            left, top, deepest = 0.0, top + deepest + _GAP, 0.0
        for key, (column, row) in grid.items():
            found[key] = ((left + column) * COLUMN, (top + row) * ROW)
        left += width + _GAP / 3
        deepest = max(deepest, height)
    return found


def _components(
    keys: list[NodeKey], edges: Iterable[tuple[NodeKey, NodeKey]]
) -> list[list[NodeKey]]:
    """Which nodes hang together, in the order of `keys`."""
    beside: dict[NodeKey, list[NodeKey]] = {key: [] for key in keys}
    for one, other in edges:
        beside[one].append(other)
        beside[other].append(one)
    seen: set[NodeKey] = set()
    found = []
    for key in keys:
        if key in seen:
            continue
        seen.add(key)
        members, waiting = {key}, [key]
        while waiting:
            for other in beside[waiting.pop()]:
                if other not in seen:
                    seen.add(other)
                    members.add(other)
                    waiting.append(other)
        found.append([one for one in keys if one in members])
    return found
