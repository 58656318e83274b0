"""The process table as a Qt item model: sorted, filtered, and told by deltas only.

    ProcessTable --changed numbers--> sync() --> rowsRemoved, layoutChanged, rowsInserted and
                                                 one dataChanged per parent, in this order

Every node holds the row that it shows, so the display can lag behind the table (paused, hidden)
and catch up in one go. Sorting and filtering happen here, on plain lists, since a proxy model
would call back into Python for every comparison.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtCore import Signal as QtSignal

from spawnscope.core.client.process_filter import ProcessFilter
from spawnscope.core.client.process_row import ProcessRow
from spawnscope.core.client.process_table import ALL_FIELDS, ProcessTable

from ..text.foreign import tip
from .process_columns import CLOCK_INDEXES, COLUMNS, columns_of
from .process_forest import ProcessForest
from .process_node import Node
from .process_tooltip import spoken, tooltip

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_NOWHERE = QModelIndex()
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_MATCH_CHANGED = ALL_FIELDS | {"matches"}


class ProcessTreeModel(QAbstractItemModel):
    """The tree of processes.

    Emits, beside the signals of every model:
    processes_started(list[int]), processes_ended(list[int]): after a sync, for the glow;
    rows_settled(): after a sync that moved rows (inserted, removed or sorted some).
    """

    processes_started = QtSignal(list)
    processes_ended = QtSignal(list)
    rows_settled = QtSignal()

    VALUE_ROLE = int(_ROLE.UserRole) + 1  # what sorting compares
    PROCESS_ROLE = int(_ROLE.UserRole) + 2  # the session number
    MATCH_ROLE = int(_ROLE.UserRole) + 3  # False: shown only for the sake of a descendant
    _SHOWN_ROLES = (int(_ROLE.DisplayRole), VALUE_ROLE)

    def __init__(
        self,
        table: ProcessTable,
        parent: QObject | None = None,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        super().__init__(parent)
        self._table = table
        self.clock = clock  # Unix time in ns, for durations
        self._forest = ProcessForest(table)
        self._forest.now_ns = clock()
        self._has_ended: bool | None = False  # None: to be found out
        self.sync({row.number: ALL_FIELDS for row in table})

    # -- what the panel does ------------------------------------------------------------------

    def sync(self, changed: Mapping[int, Collection[str]]) -> None:
        """Fetch the rows of these processes again. `changed`: the fields that differ, by
        process; unknown processes are added."""
        self._forest.now_ns = self.clock()
        started: list[int] = []
        ended: list[int] = []
        touched: dict[Node, set[str]] = {}
        for number, names in changed.items():
            row = self._table.get(number)
            if row is None or number in self._forest.cleared:
                continue
            node = self._forest.nodes.get(number)
            if node is None:
                self._forest.add(number, started)
                if not row.is_live:
                    ended.append(number)
                continue
            if node.row.is_live and not row.is_live:
                ended.append(number)
            node.row = row
            self._forest.count(row)
            self._follow_parent(node)
            fields = set(names)
            if not self._forest.filter.fields.isdisjoint(fields) and self._forest.rematch(node):
                fields |= _MATCH_CHANGED
            if self._forest.sort is not None and not self._forest.sort.fields.isdisjoint(fields):
                self._forest.unsettle(node.parent)
            touched[node] = fields
        if started or ended:
            self._has_ended = None
        self._settle()
        self._tell(touched)
        if started:
            self.processes_started.emit(started)
        if ended:
            self.processes_ended.emit(ended)

    def set_filter(self, wanted: ProcessFilter) -> None:
        """Show only what passes, and the ancestors of it."""
        self._forest.filter = wanted
        touched: dict[Node, set[str]] = {}
        for node in list(self._forest.nodes.values()):
            if self._forest.rematch(node):
                touched[node] = set(_MATCH_CHANGED)
        self._settle()
        self._tell(touched)

    @property
    def filter(self) -> ProcessFilter:
        """What is shown."""
        return self._forest.filter

    def clear_ended(self) -> list[int]:
        """Remove the ended processes below which nothing lives; returns their numbers."""
        gone: list[int] = []
        for node in self._forest.clearable():
            self._detach(node)
            gone += self._forest.forget(node)
        self._has_ended = False
        self._settle()
        if gone:
            self.rows_settled.emit()
        return gone

    def tick(self, runs: Mapping[int, tuple[int, int]]) -> None:
        """Time has passed: tell that durations changed. `runs`: the first and the last row in
        question, by the number of their parent (-1 at the top)."""
        self._forest.now_ns = self.clock()
        columns = CLOCK_INDEXES if self._forest.stopping else CLOCK_INDEXES[:-1]
        for number, (first, last) in runs.items():
            shown = self._forest.root.shown if number < 0 else self._forest.nodes[number].shown
            for column in columns:
                self.dataChanged.emit(
                    self.createIndex(first, column, shown[first].number),
                    self.createIndex(last, column, shown[last].number),
                    list(self._SHOWN_ROLES),
                )

    # -- what the view asks beyond Qt's model -------------------------------------------------

    def row_of(self, index: Index) -> ProcessRow | None:
        """The row that `index` shows."""
        node = self._forest.nodes.get(index.internalId()) if index.isValid() else None
        return None if node is None else node.row

    def shown_row(self, process: int) -> ProcessRow | None:
        """The row of a process as it is shown now."""
        node = self._forest.nodes.get(process)
        return None if node is None else node.row

    def matches(self, index: Index) -> bool:
        """Whether the row itself passes the filter."""
        return self._forest.nodes[index.internalId()].matches

    def index_of(self, process: int, column: int = 0) -> QModelIndex:
        """Where a process is shown; invalid when it is not."""
        node = self._forest.nodes.get(process)
        if node is None or node.place < 0:
            return QModelIndex()
        return self.createIndex(node.place, column, process)

    def parents_within(self, process: int) -> Iterator[int]:
        """The processes, of `process` and all shown below it, that have children to show."""
        return self._forest.parents_within(process)

    def has_workers(self) -> bool:
        """Whether anything but the supervisor is known, shown or filtered out."""
        return self._forest.has_workers()

    def has_live(self) -> bool:
        """Whether any process lives."""
        return bool(self._forest.living)

    def has_countdown(self) -> bool:
        """Whether a termination is under way."""
        return bool(self._forest.stopping)

    def has_ended(self) -> bool:
        """Whether clearing would remove anything."""
        if self._has_ended is None:
            self._has_ended = next(self._forest.clearable(), None) is not None
        return self._has_ended

    def now_ns(self) -> int:
        """The time that durations are shown for, in ns of Unix time."""
        return self._forest.now_ns

    # -- Qt's model ---------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        if parent.isValid() and parent.column() != 0:
            return QModelIndex()
        shown = self._node(parent).shown
        if 0 <= row < len(shown) and 0 <= column < len(COLUMNS):
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
        return parent.column() == 0 and bool(self._forest.nodes[parent.internalId()].shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() and parent.column() != 0 else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = int(_ROLE.DisplayRole)) -> Any:
        node = self._forest.nodes.get(index.internalId()) if index.isValid() else None
        if node is None:
            return None
        row = node.row
        column = COLUMNS[index.column()]
        if role == _ROLE.DisplayRole:
            return column.text(row, self._forest.now_ns)
        if role == self.VALUE_ROLE:
            return column.value(row, self._forest.now_ns)
        if role == self.PROCESS_ROLE:
            return node.number
        if role == self.MATCH_ROLE:
            return node.matches
        if role == _ROLE.TextAlignmentRole:
            return int(column.alignment)
        if role == _ROLE.ToolTipRole:
            return tip(tooltip(row, column, self._forest.now_ns))
        if role == _ROLE.AccessibleTextRole:
            return spoken(row, column, self._forest.now_ns)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(_ROLE.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == _ROLE.DisplayRole:
            return f"{column.title} {column.unit}" if column.unit == "%" else column.title
        if role == _ROLE.TextAlignmentRole:
            return int(column.alignment)
        if role == _ROLE.ToolTipRole:
            return tip(column.tooltip)
        if role == _ROLE.AccessibleTextRole:
            return column.title or "Terminate"
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort siblings by a column; -1: in the order of their start."""
        self._forest.sort = COLUMNS[column] if 0 <= column < len(COLUMNS) else None
        descending = order == Qt.SortOrder.DescendingOrder
        self._forest.descending = descending and self._forest.sort is not None
        for node in (self._forest.root, *self._forest.nodes.values()):
            self._forest.unsettle(node)
        self._settle()

    def _node(self, index: Index) -> Node:
        return self._forest.nodes[index.internalId()] if index.isValid() else self._forest.root

    def _own_index(self, node: Node) -> QModelIndex:
        if node is self._forest.root:
            return QModelIndex()
        return self.createIndex(node.place, 0, node.number)

    def _follow_parent(self, node: Node) -> None:
        """A parent that was unknown has appeared: move below it."""
        number = self._forest.parent_number(node.number)
        assert node.parent is not None
        if number is None or number == node.parent.number:
            return
        if number not in self._forest.nodes:
            self._forest.add(number, [])
        self._detach(node)
        hits = self._forest.take_out(node)
        self._forest.put_below(node, self._forest.nodes[number], hits)

    # -- from nodes to signals ----------------------------------------------------------------

    def _settle(self) -> None:
        """Bring the shown children of all unsettled parents up to date: remove, sort, insert."""
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
        if moved:
            self.rows_settled.emit()

    def _remove_hidden(self, parent: Node) -> bool:
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

    def _detach(self, node: Node) -> None:
        if node.place >= 0 and node.parent is not None:
            self._remove(node.parent, node.place, node.place)

    def _remove(self, parent: Node, first: int, last: int) -> None:
        self.beginRemoveRows(self._own_index(parent), first, last)
        for node in parent.shown[first : last + 1]:
            node.forget_places()
        del parent.shown[first : last + 1]
        parent.renumber(first)
        self.endRemoveRows()

    def _reorder(self, parents: Iterable[Node]) -> bool:
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

    def _insert_new(self, parent: Node) -> bool:
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

    def _tell(self, touched: Mapping[Node, set[str]]) -> None:
        """One dataChanged per parent, over the rows and columns that changed."""
        spans: dict[Node, tuple[int, int, set[str]]] = {}
        for node, fields in touched.items():
            if node.place < 0 or node.parent is None:
                continue
            first, last, names = spans.get(node.parent, (node.place, node.place, set()))
            names |= fields
            spans[node.parent] = (min(first, node.place), max(last, node.place), names)
        for parent, (first, last, names) in spans.items():
            columns = columns_of(frozenset(names))
            if columns is not None:
                self.dataChanged.emit(
                    self.createIndex(first, columns[0], parent.shown[first].number),
                    self.createIndex(last, columns[1], parent.shown[last].number),
                    [*self._SHOWN_ROLES, *((self.MATCH_ROLE,) if "matches" in names else ())],
                )
