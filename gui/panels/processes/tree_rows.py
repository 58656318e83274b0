"""The rows of the process tree as Qt's views know them: moved by deltas only.

ProcessForest --unsettled parents--> settle() --> rowsRemoved, layoutChanged, rowsInserted
              --touched nodes-->     tell()   --> one dataChanged for each parent
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt
from PySide6.QtCore import Signal as QtSignal

from spawnscope.core.store.store import Store

from ...kit.column import Column
from ...kit.column_table import Index
from . import columns
from .forest import ProcessForest
from .node import TreeNode
from .rows import StoreRows

ROLE = Qt.ItemDataRole
_NOWHERE = QModelIndex()


class ProcessTreeRows(QAbstractItemModel):
    """Shows the nodes of a forest as rows; what they say is for a subclass.

    Emits, beside the signals of every model, rows_settled(): rows were inserted, removed or sorted.
    """

    rows_settled = QtSignal()

    VALUE_ROLE = int(ROLE.UserRole) + 1  # what sorting compares
    PROCESS_ROLE = int(ROLE.UserRole) + 2  # the session number
    MATCH_ROLE = int(ROLE.UserRole) + 3  # False: shown only for the sake of a descendant
    _SHOWN_ROLES = (int(ROLE.DisplayRole), VALUE_ROLE)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = columns.COLUMNS
        self._table = StoreRows(store)
        self._forest = ProcessForest(self._table)
        self._forest.folds.detach = self._detach

    # -- Qt's model ---------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        if parent.isValid() and parent.column() != 0:
            return QModelIndex()
        shown = self._node(parent).shown
        if 0 <= row < len(shown) and 0 <= column < len(self.columns):
            return self.createIndex(row, column, shown[row].number)
        return QModelIndex()

    def parent(self, index: Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        node = self._forest.nodes.get(index.internalId()) if index.isValid() else None
        if node is None or node.parent is None or node.parent is self._forest.root:
            return QModelIndex()
        return self.createIndex(node.parent.place, 0, node.parent.number)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        if parent.isValid() and parent.column() != 0:
            return 0
        return len(self._node(parent).shown)

    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        if not parent.isValid():
            return bool(self._forest.root.shown)
        node = self._forest.nodes[parent.internalId()]
        return parent.column() == 0 and (bool(node.shown) or self._is_fold(node))

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() and parent.column() != 0 else len(self.columns)

    def place(self, column: Column) -> int:
        """Where a column is among all."""
        return self.columns.index(column)

    def _node(self, index: Index) -> TreeNode:
        return self._forest.nodes[index.internalId()] if index.isValid() else self._forest.root

    def _own_index(self, node: TreeNode) -> QModelIndex:
        if node is self._forest.root:
            return QModelIndex()
        return self.createIndex(node.place, 0, node.number)

    @staticmethod
    def _is_fold(node: TreeNode) -> bool:
        return node.fold is not None and node is node.fold.node

    # -- from nodes to signals ----------------------------------------------------------------

    def _settle(self) -> bool:
        """Bring the shown children of all unsettled parents up to date: remove, sort, insert. Says
        whether any moved."""
        self._forest.folds.settle()
        moved = self._settle_parents()
        gone, self._forest.folds.gone = self._forest.folds.gone, []
        for node in gone:
            self._forest.drop(node)
        self._forest.folds.grow_open()
        return self._settle_parents() or moved

    def _settle_parents(self) -> bool:
        parents = list(self._forest.unsettled)
        self._forest.unsettled.clear()
        moved = False
        for parent in parents:
            if parent.place >= 0:
                moved |= self._remove_hidden(parent)
        moved |= self._reorder(parent for parent in parents if parent.place >= 0)
        for parent in parents:
            if parent.place >= 0:
                moved |= self._insert_new(parent)
        return moved

    def _remove_hidden(self, parent: TreeNode) -> bool:
        shown = parent.shown
        last = len(shown) - 1
        removed = False
        while last >= 0:
            if shown[last].hits > 0:
                last -= 1
                continue
            first = last
            while first > 0 and shown[first - 1].hits == 0:
                first -= 1
            self._remove(parent, first, last)
            removed = True
            last = first - 1
        return removed

    def _detach(self, node: TreeNode) -> None:
        if node.place >= 0 and node.parent is not None:
            self._remove(node.parent, node.place, node.place)

    def _remove(self, parent: TreeNode, first: int, last: int) -> None:
        self.beginRemoveRows(self._own_index(parent), first, last)
        for node in parent.shown[first : last + 1]:
            node.forget_places()
        del parent.shown[first : last + 1]
        parent.renumber(first)
        self.endRemoveRows()

    def _reorder(self, parents: Iterable[TreeNode]) -> bool:
        wanted = []
        for parent in parents:
            order = self._forest.ordered(child for child in parent.children if child.place >= 0)
            if order != parent.shown:
                wanted.append((parent, order))
        if not wanted:
            return False
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        for parent, order in wanted:
            parent.shown = order
            parent.renumber(0)
        new = [
            self.createIndex(self._forest.nodes[i.internalId()].place, i.column(), i.internalId())
            for i in old
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()
        return True

    def _insert_new(self, parent: TreeNode) -> bool:
        target = self._forest.ordered(child for child in parent.children if child.hits > 0)
        if len(target) == len(parent.shown):
            return False
        first = 0
        while first < len(target):
            if target[first].place >= 0:
                first += 1
                continue
            last = first
            while last + 1 < len(target) and target[last + 1].place < 0:
                last += 1
            run = target[first : last + 1]
            for node in run:
                node.show_below(self._forest.ordered)
            self.beginInsertRows(self._own_index(parent), first, last)
            parent.shown[first:first] = run
            parent.renumber(first)
            self.endInsertRows()
            first = last + 1
        return True

    def _tell(self, touched: Mapping[TreeNode, set[str]]) -> None:
        """One dataChanged per parent, over the rows and columns that changed."""
        spans: dict[TreeNode, tuple[int, int, set[str]]] = {}
        for node, fields in touched.items():
            if node.place < 0 or node.parent is None:
                continue
            first, last, names = spans.get(node.parent, (node.place, node.place, set()))
            names |= fields
            spans[node.parent] = (min(first, node.place), max(last, node.place), names)
        for parent, (first, last, names) in spans.items():
            differ = [i for i, each in enumerate(self.columns) if not names.isdisjoint(each.fields)]
            if differ:
                self.dataChanged.emit(
                    self.createIndex(first, differ[0], parent.shown[first].number),
                    self.createIndex(last, differ[-1], parent.shown[last].number),
                    [*self._SHOWN_ROLES, *((self.MATCH_ROLE,) if "matches" in names else ())],
                )
