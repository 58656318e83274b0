"""Which processes are selected in the tree, where one line can stand for many of them."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex
from PySide6.QtWidgets import QTreeView

from .tree_model import ProcessTreeModel

_FLAGS = QItemSelectionModel.SelectionFlag


class RowSelection:
    """The selection of a tree that shows `model` already, by process."""

    def __init__(self, tree: QTreeView, model: ProcessTreeModel) -> None:
        self._tree = tree
        self._model = model

    def processes(self) -> list[int]:
        """The selected processes, by number; with a fold, all that it stands for."""
        found: set[int] = set()
        for index in self._tree.selectionModel().selectedRows():
            found.update(self._model.processes_of(index))
        return sorted(found)

    def in_use(self) -> list[int]:
        """The lines that must stay: those selected, and that of the keyboard."""
        rows = [*self._tree.selectionModel().selectedRows(), self._tree.currentIndex()]
        return [index.internalId() for index in rows if index.isValid()]

    def select(self, process: int) -> bool:
        """Select one process and bring it into view; False when it is not shown. One within a fold
        comes out of it."""
        index = next(iter(self._model.lines_of((process,))), QModelIndex())
        if index.isValid():
            # Whatever keys are held down: Qt would add to the selection while Ctrl is.
            self._tree.selectionModel().setCurrentIndex(index, _FLAGS.ClearAndSelect | _FLAGS.Rows)
            self._tree.scrollTo(index)
        return index.isValid()

    def select_all_of(self, processes: Collection[int]) -> None:
        """Select exactly these, as far as they are shown; the first one comes into view."""
        model = self._tree.selectionModel()
        wanted = QItemSelection()
        lines = self._model.lines_of(sorted(processes))
        first = last = None
        for index in lines:  # as few ranges as can be: Qt goes through all of them again and again
            if last is None or index != last.siblingAtRow(last.row() + 1):
                if first is not None and last is not None:
                    wanted.select(first, last)
                first = index
            last = index
        if first is not None and last is not None:
            wanted.select(first, last)
        model.select(wanted, _FLAGS.ClearAndSelect | _FLAGS.Rows)
        if lines:
            model.setCurrentIndex(lines[0], _FLAGS.NoUpdate)
            self._tree.scrollTo(lines[0])
