"""The picture as items: one for each node and each edge, changed only where they differ.

Graph, faces, places --show()--> NodeItem, EdgeItem
what is selected     --mark()--> rings; whatever has nothing to do with it steps back
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from spawnscope.core.analysis.wiring.graph import Edge, EdgeKey, Graph, Node, NodeKey

from ...kit.style import theme
from .edge_item import DIMMED, EdgeItem
from .face import Face, Stroke, stroke_of
from .layout import Place
from .node_item import NodeItem
from .ports import ends_of

_FAR, _MANY = 0.4, 150  # zoom and number of edges from which on they are straight
_AROUND = 40.0  # px around the outermost boxes


class WiringScene(QGraphicsScene):
    """Shows one Graph after another. It emits Qt's signals only."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes: dict[NodeKey, NodeItem] = {}
        self.edges: dict[EdgeKey, EdgeItem] = {}
        self._ordered_nodes: list[NodeItem] = []  # as in the graph
        self._ordered_edges: list[EdgeItem] = []
        self.graph = Graph({}, {})
        self.stroke_of: Callable[[Edge], Stroke] = stroke_of  # what to draw of an edge
        self._zoom = self._boost = 1.0
        self._straight = False
        self._selected: frozenset[NodeKey] = frozenset()
        self._below: frozenset[NodeKey] = frozenset()
        self._current: NodeKey | None = None
        # An index would be kept up at every change of a line; a look at all of them is quicker.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.restyle()

    def show_graph(
        self, graph: Graph, face: Callable[[Node], Face], places: Mapping[NodeKey, Place]
    ) -> None:
        """Show this graph; every node in it has a place."""
        if graph.nodes is self.graph.nodes:  # the same nodes and edges: only figures differ
            self.graph = graph
            self._show_figures(face)
            return
        self._show_nodes(graph, face, places)
        self._show_edges(graph)
        self.graph = graph
        if self._decide(self._zoom):
            self.restyle()
        self._lead_edges()
        self._mark_again()

    def move(self, places: Mapping[NodeKey, Place]) -> None:
        """Put these nodes elsewhere; their edges follow."""
        for key, place in places.items():
            item = self.nodes.get(key)
            if item is not None:
                item.setPos(*place)
        self._lead_edges()

    def mark(
        self,
        selected: frozenset[NodeKey],
        current: NodeKey | None,
        below: frozenset[NodeKey] = frozenset(),
    ) -> None:
        """These nodes are selected, and those below them do not fade either; the keyboard is on
        `current`."""
        if (selected, current, below) != (self._selected, self._current, self._below):
            self._selected, self._current, self._below = selected, current, below
            self._mark_again()

    @property
    def marks(self) -> tuple[frozenset[NodeKey], NodeKey | None]:
        """What `mark` was told last."""
        return self._selected, self._current

    @property
    def zoom(self) -> float:
        """What `see_from` was told last."""
        return self._zoom

    def see_from(self, zoom: float) -> None:
        """The zoom at which it is seen: from far away fine lines are wider and, if they are many,
        all are straight, which costs a fifth."""
        if self._decide(zoom):
            self.restyle()

    def _decide(self, zoom: float) -> bool:
        """Whether anything follows from this zoom."""
        self._zoom = zoom
        boost = 1.0 if zoom > 0.6 else 1.75 if zoom > 0.4 else 2.75 if zoom > 0.22 else 4.0
        straight = zoom < _FAR and len(self.edges) > _MANY
        changed = (boost, straight) != (self._boost, self._straight)
        self._boost, self._straight = boost, straight
        return changed

    def restyle(self) -> None:
        """The colours, or the width of lines, are different now."""
        colors = theme.current()
        self.setBackgroundBrush(theme.color(colors.base))
        for item in self.edges.values():
            item.dress(item.stroke, colors, self._boost, self._straight)
        for node in self.nodes.values():
            node.update()

    def bounds(self) -> QRectF:
        """What all nodes take up, with some air around; empty without nodes."""
        found = QRectF()
        for item in self.nodes.values():
            found = found.united(item.box)
        if found.isNull():
            return found
        return found.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)

    def node_at(self, point: QPointF) -> NodeItem | None:
        """The node at a place of the scene."""
        return next((item for item in self.items(point) if isinstance(item, NodeItem)), None)

    def edge_at(self, point: QPointF, reach: float) -> EdgeItem | None:
        """The edge within `reach` of a place: where several are, the one whose line is nearest."""
        around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        found = [item for item in self.items(around) if isinstance(item, EdgeItem)]
        return found[0] if found else None

    def _show_figures(self, face: Callable[[Node], Face]) -> None:
        """Both dicts of the graph are in the order of our items: to look each up by its key would
        take longer than all the rest."""
        reshaped = False
        for node, item in zip(self.graph.nodes.values(), self._ordered_nodes, strict=True):
            reshaped = item.show_face(face(node)) or reshaped
        colors = theme.current()
        for edge, line in zip(self.graph.edges.values(), self._ordered_edges, strict=True):
            stroke = self.stroke_of(edge)
            if line.stroke is not stroke:
                line.dress(stroke, colors, self._boost, self._straight)
        if reshaped:
            self._lead_edges()

    def _show_nodes(
        self, graph: Graph, face: Callable[[Node], Face], places: Mapping[NodeKey, Place]
    ) -> None:
        for key in [key for key in self.nodes if key not in graph.nodes]:
            self.removeItem(self.nodes.pop(key))
        for key, node in graph.nodes.items():
            item = self.nodes.get(key)
            if item is None:
                item = self.nodes[key] = NodeItem(key, face(node))
                item.setPos(*places[key])
                self.addItem(item)
            else:
                item.show_face(face(node))
        self._ordered_nodes = [self.nodes[key] for key in graph.nodes]

    def _show_edges(self, graph: Graph) -> None:
        for key in [key for key in self.edges if key not in graph.edges]:
            self.removeItem(self.edges.pop(key))
        colors = theme.current()
        for key, edge in graph.edges.items():
            stroke = self.stroke_of(edge)
            item = self.edges.get(key)
            if item is None:
                item = self.edges[key] = EdgeItem(key, stroke)
                self.addItem(item)
            item.dress(stroke, colors, self._boost, self._straight)
        self._ordered_edges = [self.edges[key] for key in graph.edges]

    def _lead_edges(self) -> None:
        boxes = {key: item.box for key, item in self.nodes.items()}
        for key, ends in ends_of(self.graph.edges, boxes).items():
            self.edges[key].lead(ends)

    def _mark_again(self) -> None:
        for key, node in self.nodes.items():
            node.mark(key in self._selected, key == self._current)
        here = (self._selected | self._below) & self.nodes.keys()
        near = set(here)
        for (one, other, _), edge in self.edges.items():
            touches = not here or one in here or other in here
            edge.setOpacity(1.0 if touches else DIMMED)
            edge.setZValue(edge.base_z + (0.5 if here and touches else 0.0))
            if touches:
                near.update((one, other))
        for key, node in self.nodes.items():
            node.setOpacity(1.0 if not here or key in near else 0.45)
