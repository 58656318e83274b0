"""Keeps a row at its place on the screen while rows come and go above it.

That row is the current one or another that is selected, if it is in sight; else, once the tree is
scrolled down, the row at the top, or another in sight if that goes.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtWidgets import QTreeView

from .tree_model import ProcessTreeModel

_SPOTS = 5  # rows in sight that are noted: some may go into a fold


class RowAnchor(QObject):
    """Notes where a row stands before the rows of a tree change, and brings it back there.

    To be made before `model` is set on the tree: it must hear of a change before the tree does,
    while the tree still knows where the rows stand.
    """

    def __init__(self, tree: QTreeView, model: ProcessTreeModel) -> None:
        super().__init__(tree)
        self._tree = tree
        self._model = model
        self._noted: list[tuple[int, int]] = []  # processes and the y of their rows, best first
        model.rowsAboutToBeInserted.connect(self._note)
        model.rowsAboutToBeRemoved.connect(self._note)
        model.layoutAboutToBeChanged.connect(self._note)

    def forget(self) -> None:
        """The rows may stand anywhere: nobody sees them."""
        self._noted = []

    def restore(self) -> None:
        """The rows have changed and are laid out: scroll the noted one back to its place; if that
        is gone, the next."""
        noted, self._noted = self._noted, []
        for process, top in noted:
            index = self._model.index_of(process)
            if index.isValid():
                moved = self._tree.visualRect(index).top() - top
                if moved:
                    bar = self._tree.verticalScrollBar()
                    bar.setValue(bar.value() + moved)
                return

    def _note(self, *_details: object) -> None:
        tree = self._tree
        if self._noted or not tree.isVisible():
            return
        viewport = tree.viewport().rect()
        selection = tree.selectionModel()
        for index in (tree.currentIndex(), *selection.selectedRows()[:50]):
            if index.isValid() and selection.isRowSelected(index.row(), index.parent()):
                rect = tree.visualRect(index)
                if rect.isValid() and rect.intersects(
                    QRect(rect.left(), 0, max(1, rect.width()), viewport.height())
                ):
                    self._noted = [(index.internalId(), rect.top())]
                    return
        if tree.verticalScrollBar().value() > 0:
            for place in range(_SPOTS):
                index = tree.indexAt(QPoint(0, place * (viewport.height() - 1) // (_SPOTS - 1)))
                if index.isValid():
                    self._noted.append((index.internalId(), tree.visualRect(index).top()))
