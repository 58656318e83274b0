"""The Wiring panel: how the processes hang together by what they share, as a picture.

store --StoreChange--> (visible: every half second) WiringModel --> WiringLayout
                                                         '--> WiringScene, WiringCanvas
Selection <--> what is marked
"""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import (
    QEvent,
    QPoint,
    QPointF,
)
from PySide6.QtGui import QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spawnscope.core.analysis.wiring.graph import GROUP, OBJECT, NodeKey
from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr, trn

from ...kit.controls import shortcut_action
from ...kit.empty_hint import EmptyHint
from ...kit.panel import Panel
from ...kit.selection import Selection
from .canvas import WiringCanvas
from .card import FigureCard
from .choosing import Choosing
from .edge_item import EdgeItem
from .empty import reason_for_nothing
from .face import Faces
from .glide import Glide
from .head import WiringHead
from .layout import WiringLayout
from .legend import WiringLegend
from .menu import Offers, show_menu
from .model import WiringModel
from .node_item import NodeItem
from .picture_file import ask_for_file, save_scene
from .scene import WiringScene
from .text import WiringText

_PATIENCE = 3  # beats that the first picture waits until nothing new comes


class WiringPanel(Panel):
    """Shows how things are at the time of the store."""

    BEAT = 500

    def __init__(self, store: Store, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(store, selection, tr("Wiring"), parent)
        self.model = WiringModel(store)
        self.layout_ = WiringLayout()
        self.scene = WiringScene(self)
        self.canvas = WiringCanvas(self.scene, self)
        self.head = WiringHead(self)
        self.legend = WiringLegend(self.canvas)  # not over the viewport, which scrolls its children
        self.card = FigureCard(self.canvas)
        self._faces = Faces(self.model)
        self.scene.stroke_of = self._faces.stroke
        self._text = WiringText(self.model)
        self._hint = EmptyHint(self.canvas, "wiring")
        self._patience = _PATIENCE if store.live else 0
        self._awaited: set[NodeKey] = set()
        self._pointed: tuple[NodeItem | EdgeItem, QPoint] | None = None
        self._glide = Glide(self.scene, self)
        self._glide.arrived.connect(self.canvas.fit)
        self._choosing = Choosing(selection, self.model, self.scene, self.canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.canvas, 1)
        self.setFocusProxy(self.canvas)
        self._connect()
        self._show_state()

    # -- the outside --------------------------------------------------------------------------

    def note(self, change: StoreChange) -> None:
        """Something differs; cheap while hidden."""
        if change.people:
            self.model.processes_changed()
        if change.findings:
            self.model.faults_changed()
        self.wake()

    def show_store(self, store: Store) -> None:
        """Show another moment, or another part of the session."""
        self.model.show(store)
        self._patience = _PATIENCE if store.moves else 0
        super().show_store(store)

    def save_picture(self, path: str) -> None:
        """Save the whole picture as SVG or PNG, as its suffix says. Raises OSError."""
        save_scene(self.scene, path, self.windowTitle() or tr("Wiring"))

    def state(self) -> dict[str, Any]:
        showing = self.model.showing
        return {
            "parents": showing.parents, "ended": showing.ended, "legend": not self.legend.folded,
        }  # fmt: skip

    def take_state(self, state: dict[str, Any]) -> bool:
        ended = state.get("ended")
        self.legend.fold(not state.get("legend", True))
        self._show(parents=bool(state.get("parents")), ended=None if ended is None else bool(ended))
        return True

    # -- updates ------------------------------------------------------------------------------

    def look(self) -> None:
        """Read, and show what differs."""
        self.model.update()
        self._show_graph()

    def _show_graph(self) -> None:
        graph = self.model.graph
        if not self.layout_.places and self._patience and graph.nodes.keys() != self._awaited:
            # A program that starts brings up one thing after another. What is laid out all at
            # once looks better, and it may not move any more afterwards.
            self._awaited = set(graph.nodes)
            self._patience -= 1
            self._show_state()
            return
        new = self.layout_.place(graph)
        self.scene.show_graph(graph, self._faces.of, self.layout_.places)
        if new:
            self.canvas.keep_fitting()
        self._choosing.mark()
        if self._pointed is not None:
            self._on_pointed(*self._pointed)
        self._show_state()

    def _show(self, **what: object) -> None:
        """Show more or less of what is there; see Showing."""
        self.model.showing = msgspec.structs.replace(self.model.showing, **what)
        self.head.parents.setChecked(self.model.showing.parents)
        if self.isVisible():
            self.model.rebuild()
            self._show_graph()

    def _show_state(self) -> None:
        graph = self.model.graph
        counts = [0, 0]
        for key, node in graph.nodes.items():
            is_object = key[0] == OBJECT
            counts[is_object] += 1 if is_object else len(node.members)
        people, objects = counts
        if objects or people:
            processes = trn("{count} process", "{count} processes", people)
            title = f"{processes}, {trn('{count} object', '{count} objects', objects)}"
        else:
            title = tr("Wiring")
        hidden = graph.hidden_ended
        aside = trn("{count} ended not shown", "{count} ended not shown", hidden)
        self.head.tell(title, aside if hidden else "")
        self.head.ended.setChecked(not hidden and self.model.showing.ended is not False)
        self.legend.setVisible(bool(self.scene.nodes))
        # Not while what there is waits for more.
        title, text = ("", "") if graph.nodes else reason_for_nothing(self.model)
        self._hint.show_hint(title, text, clearable=False)

    # -- nodes -------------------------------------------------------------------------------------

    def _on_current_moved(self, key: NodeKey | None) -> None:
        self._choosing.mark()
        self.canvas.setAccessibleDescription("" if key is None else self._text.spoken(key))

    def _on_activated(self, key: NodeKey) -> None:
        node = self.model.graph.nodes.get(key)
        if node is None:
            return
        if node.kind == GROUP:
            self.unfold(key)
        elif node.kind == OBJECT:
            self._choosing.choose_node(key, False)
        else:
            self.process_activated.emit(node.members[0])

    def unfold(self, key: NodeKey) -> None:
        """Show the members of a group one by one."""
        node = self.model.graph.nodes.get(key)
        if node is None or node.kind != GROUP:
            return
        showing = self.model.showing
        self.model.showing = msgspec.structs.replace(
            showing, opened=showing.opened | {(key[1], key[2])}
        )
        self.model.rebuild()
        members: list[NodeKey] = [("process", number, "") for number in node.members]
        self.layout_.beside(key, members, self.model.graph)
        if self.canvas.current == key:
            self.canvas.current = members[0]
        self._show_graph()
        self.canvas.keep_fitting()

    def fold(self, key: NodeKey) -> None:
        """Show the group of this process, or of that key, as one node again."""
        node = self.model.graph.nodes.get(key)
        if node is None or node.group is None:
            return
        opened = self.model.showing.opened - {node.group}
        if self.canvas.current == key:
            self.canvas.current = (GROUP, *node.group)
        self._show(opened=opened)

    def _on_badge_clicked(self, key: NodeKey) -> None:
        if key[0] == GROUP:
            self.unfold(key)
        else:
            self.fold(key)

    # -- places -------------------------------------------------------------------------------

    def lay_out(self) -> None:
        """Place all nodes anew; they glide there."""
        self.layout_.lay_out(self.model.graph)
        if self.isVisible():
            self._glide.start(self.layout_.places)

    def _on_dragged(self, key: NodeKey, point: QPointF) -> None:
        place = point.x(), point.y()
        self.layout_.places[key] = place
        self.scene.move({key: place})

    # -- the pointer, the picture's file, Qt --------------------------------------------------

    def _on_pointed(self, item: NodeItem | EdgeItem | None, at: QPoint) -> None:
        graph = self.model.graph
        node = graph.nodes.get(item.key) if isinstance(item, NodeItem) else None
        edge = graph.edges.get(item.key) if isinstance(item, EdgeItem) else None
        if item is None or (node is None and edge is None):
            self._pointed = None
            self.card.hide()
            return
        self._pointed = item, at
        if node is not None:
            self.card.tell(self._text.of_node(node), at)
        elif edge is not None:
            self.card.tell(self._text.of_edge(edge), at)

    def _ask_and_save(self) -> None:
        ask_for_file(self, self._save)

    def _save(self, path: str) -> None:
        try:
            self.save_picture(path)
        except OSError as error:
            why = error.strerror or error
            self.problem_occurred.emit(tr("The picture cannot be saved: {reason}.", reason=why))

    def _show_menu(self, key: NodeKey | None, at: QPoint) -> None:
        offers = Offers(
            self.process_activated.emit, self.fold, self.unfold, self.canvas.fit, self.lay_out,
            self._ask_and_save,
        )  # fmt: skip
        show_menu(self, offers, self.model.graph.nodes.get(key) if key else None, at)

    def _connect(self) -> None:
        canvas, head = self.canvas, self.head
        canvas.node_clicked.connect(lambda key, _added: self._on_current_moved(key))
        canvas.node_activated.connect(self._on_activated)
        canvas.badge_clicked.connect(self._on_badge_clicked)
        canvas.node_dragged.connect(self._on_dragged)
        canvas.current_moved.connect(self._on_current_moved)
        canvas.pointed.connect(self._on_pointed)
        canvas.view_changed.connect(lambda: head.tell_zoom(canvas.zoom))
        canvas.menu_asked.connect(self._show_menu)
        head.parents_toggled.connect(lambda on: self._show(parents=on))
        head.ended_toggled.connect(lambda on: self._show(ended=on))
        head.zoomed_in.connect(canvas.zoom_in)
        head.zoomed_out.connect(canvas.zoom_out)
        head.fit_asked.connect(canvas.fit)
        head.arrange_asked.connect(self.lay_out)
        head.save_asked.connect(self._ask_and_save)
        keys = QKeySequence.StandardKey
        shortcut_action(self, tr("Zoom in"), keys.ZoomIn).triggered.connect(canvas.zoom_in)
        shortcut_action(self, tr("Zoom out"), keys.ZoomOut).triggered.connect(canvas.zoom_out)
        shortcut_action(self, "100 %", "Ctrl+0").triggered.connect(canvas.zoom_plain)
        save = shortcut_action(self, tr("Save the picture"), keys.Save)
        save.triggered.connect(self._ask_and_save)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.canvas.keep_fitting()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._glide.finish()
        self._on_pointed(None, QPoint())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.scene.restyle()
            self.legend.restyle()
