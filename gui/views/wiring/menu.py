"""The context menu of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from spawnscope.core.client.wiring_graph import GROUP, PROCESS, NodeKey

from ...style.icons import icon

if TYPE_CHECKING:
    from .panel import WiringPanel


def show_menu(panel: WiringPanel, key: NodeKey | None, at: QPoint) -> None:
    """Offer what can be done with a node, and with the picture; `at`: on the screen."""
    menu = QMenu(panel)
    node = None if key is None else panel.model.graph.nodes.get(key)
    if node is not None and key is not None:
        if node.kind == PROCESS:
            reveal = menu.addAction(icon("reveal"), "Show in the tree")
            reveal.triggered.connect(lambda: panel.process_activated.emit(node.members[0]))
            if node.group is not None:
                fold = menu.addAction(icon("collapse-all"), "Fold with its siblings")
                fold.triggered.connect(lambda: panel.fold(key))
        elif node.kind == GROUP:
            unfold = menu.addAction(icon("expand-all"), "Unfold")
            unfold.triggered.connect(lambda: panel.unfold(key))
        if menu.actions():
            menu.addSeparator()
    menu.addAction(icon("fit"), "Show all of it\tF").triggered.connect(panel.canvas.fit)
    menu.addAction(icon("arrange"), "Lay out anew").triggered.connect(panel.lay_out)
    save = menu.addAction(icon("save"), "Save the picture …")
    save.triggered.connect(panel.head.save_asked)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
