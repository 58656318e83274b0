"""Which branches of the process tree are open.

New branches open by themselves; those that the user closed stay closed, whatever appears below
them. Folds open only when they are asked to.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QObject, QSignalBlocker
from PySide6.QtWidgets import QTreeView

from spawnscope.core.translation import mark

from .tree_model import ProcessTreeModel


class Branches(QObject):
    """The branches of a tree that shows `model` already; opens those there are."""

    KEYS = ((mark("Left, Right"), mark("Close, open a branch or a fold")),)

    def __init__(self, tree: QTreeView, model: ProcessTreeModel) -> None:
        super().__init__(tree)
        self._tree = tree
        self._model = model
        self._new: dict[int, None] = {}  # processes below which rows have just appeared
        self._closed: set[int] = set()  # processes whose branch the user closed
        self._found: set[int] = set()  # lines of helpers that are open for the sake of a filter
        model.rowsInserted.connect(self._on_rows_inserted)
        tree.collapsed.connect(self._on_collapsed)
        tree.expanded.connect(self._on_expanded)
        self._open(self._top_level())

    def open_new(self) -> None:
        """Expand where rows have appeared since the last call."""
        new, self._new = self._new, {}
        if new:
            self._open(new)

    def open_all(self) -> None:
        """Expand every branch."""
        self._closed.clear()
        self._open(self._top_level())

    def close_all(self) -> None:
        """Collapse every branch but those at the top."""
        for number in self._top_level():
            self._closed.update(self._model.parents_within(number))
            self._closed.discard(number)
        self._tree.collapseAll()
        self._model.close_folds()
        for number in self._top_level():
            self._tree.expand(self._model.index_of(number))

    def open_helpers(self, wanted: bool) -> None:
        """Open the lines of helpers, or those again that were opened so: what a filter looks for
        may be below one."""
        found, self._found = self._found, set()
        if wanted:
            self._found = set(self._model.lines_of_helpers())
        for number in found ^ self._found:
            self._tree.setExpanded(self._model.index_of(number), number in self._found)

    def _open(self, processes: Iterable[int]) -> None:
        """Expand these and all below, but for what the user closed."""
        tree = self._tree
        tree.scheduleDelayedItemsLayout()  # else every single expansion lays out all rows
        done: set[int] = set()
        blocker = QSignalBlocker(tree)  # nobody else needs to hear of a thousand expansions
        for process in processes:
            if process in done or not self._model.index_of(process).isValid():
                continue
            for number in self._model.parents_within(process):
                if number not in self._closed and number not in done:
                    done.add(number)
                    tree.expand(self._model.index_of(number))
        blocker.unblock()

    def _top_level(self) -> list[int]:
        return [self._model.index(row, 0).internalId() for row in range(self._model.rowCount())]

    def _on_rows_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        if parent.isValid():
            self._new[parent.internalId()] = None
        for row in range(first, last + 1):
            index = self._model.index(row, 0, parent)
            if self._model.rowCount(index):
                self._new[index.internalId()] = None

    def _on_collapsed(self, index: QModelIndex) -> None:
        self._closed.add(index.internalId())
        self._model.close_fold(index)

    def _on_expanded(self, index: QModelIndex) -> None:
        self._closed.discard(index.internalId())
        self._model.open_fold(index)
