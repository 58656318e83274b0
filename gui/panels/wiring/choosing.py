"""What is selected everywhere, and in the picture: clicks --> Selection --> marks."""

from __future__ import annotations

from PySide6.QtCore import QObject

from spawnscope.core.analysis.wiring.graph import CHILD, OBJECT, EdgeKey, NodeKey

from ...kit.selection import Selection
from .canvas import WiringCanvas
from .model import WiringModel
from .scene import WiringScene


class Choosing(QObject):
    """Follows `selection`, and changes it by clicks on the canvas. It emits nothing."""

    def __init__(
        self,
        selection: Selection,
        model: WiringModel,
        scene: WiringScene,
        canvas: WiringCanvas,
    ) -> None:
        super().__init__(canvas)
        self._selection = selection
        self._model = model
        self._scene = scene
        self._canvas = canvas
        canvas.node_clicked.connect(self.choose_node)
        canvas.edge_clicked.connect(self._on_edge_clicked)
        canvas.ground_clicked.connect(self._on_ground_clicked)
        selection.processes_changed.connect(self._on_changed)
        selection.object_changed.connect(self._on_changed)

    def mark(self) -> None:
        """Show what is selected, and where the keyboard is."""
        people, thing = self._selection.processes, self._selection.object
        nodes = self._model.graph.nodes.items() if people or thing else ()
        selected = frozenset(
            key
            for key, node in nodes
            if (
                thing in node.members
                if node.kind == OBJECT
                else not people.isdisjoint(node.members)
            )
        )
        below = frozenset(
            key
            for key, node in (nodes if people else ())
            if node.kind != OBJECT and any(map(self._is_below, node.members))
        )
        current = self._canvas.current if self._canvas.hasFocus() else None
        self._scene.mark(selected, current, below)

    def _is_below(self, process: int) -> bool:
        """A selected process stands for all below it, too, as for their messages."""
        table = self._model.store.processes
        above = table.parent(process)
        while above is not None and above not in self._selection.processes:
            above = table.parent(above)
        return above is not None

    def choose_node(self, key: NodeKey, added: bool) -> None:
        """Select what a node stands for; `added`: along with what is selected already."""
        node = self._model.graph.nodes.get(key)
        if node is None:
            return
        selection = self._selection
        members = frozenset(node.members)
        if node.kind == OBJECT:
            if not added:
                selection.select_processes(frozenset())
            selection.select_object(node.members[0])
        elif added:
            selection.select_processes(selection.processes ^ members)
        else:
            selection.select_object(0)
            selection.select_processes(members)
        self.mark()

    def _on_edge_clicked(self, key: EdgeKey) -> None:
        nodes = self._model.graph.nodes
        if key not in self._model.graph.edges:
            return
        people = [n for end in key[:2] if end[0] != OBJECT for n in nodes[end].members]
        self._selection.select_object(0 if key[2] == CHILD else nodes[key[1]].members[0])
        self._selection.select_processes(frozenset(people))

    def _on_ground_clicked(self) -> None:
        self._selection.select_object(0)
        self._selection.select_processes(frozenset())

    def _on_changed(self, _what: object) -> None:
        if self._canvas.isVisible():
            self.mark()
