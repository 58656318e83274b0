"""The context menu of the picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from spawnscope.core.analysis.wiring.graph import GROUP, PROCESS, Node, NodeKey
from spawnscope.core.translation import tr

from ...kit.style.icons import icon


class Offers(NamedTuple):
    """What can be done: with a process, with a node, and with the picture."""

    reveal: Callable[[int], None]
    fold: Callable[[NodeKey], None]
    unfold: Callable[[NodeKey], None]
    fit: Callable[[], None]
    lay_out: Callable[[], None]
    save: Callable[[], None]


def show_menu(home: QWidget, offers: Offers, node: Node | None, at: QPoint) -> None:
    """Offer it for a node, if there is one, and for the picture; `at`: on the screen."""
    menu = QMenu(home)
    if node is not None:
        if node.kind == PROCESS:
            reveal = menu.addAction(icon("reveal"), tr("Show in the tree"))
            reveal.triggered.connect(lambda: offers.reveal(node.members[0]))
            if node.group is not None:
                fold = menu.addAction(icon("collapse-all"), tr("Fold with its siblings"))
                fold.triggered.connect(lambda: offers.fold(node.key))
        elif node.kind == GROUP:
            unfold = menu.addAction(icon("expand-all"), tr("Unfold"))
            unfold.triggered.connect(lambda: offers.unfold(node.key))
        if menu.actions():
            menu.addSeparator()
    fit = menu.addAction(icon("fit"), tr("Show all of it") + "\tF")
    fit.triggered.connect(offers.fit)
    menu.addAction(icon("arrange"), tr("Lay out anew")).triggered.connect(offers.lay_out)
    save = menu.addAction(icon("save"), tr("Save the picture …"))
    save.triggered.connect(offers.save)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
