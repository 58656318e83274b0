"""The shared objects as a Qt table: sorted, and told by deltas only.

    ObjectTable --changed numbers--> sync() --> layoutChanged, rowsInserted, one dataChanged

Every row is held as it is shown, so the display can lag behind the table and catch up in one go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from spawnscope.core.client.object_row import ObjectRow
from spawnscope.core.client.object_table import ALL_OBJECT_FIELDS, ObjectTable
from spawnscope.core.client.process_table import ProcessTable

from .traffic_columns import PEOPLE, traffic_columns

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_NOWHERE = QModelIndex()


class TrafficModel(QAbstractTableModel):
    """The shared objects of `objects`; they come and never go. It emits Qt's signals only."""

    VALUE_ROLE = int(_ROLE.UserRole) + 1  # what sorting compares
    OBJECT_ROLE = int(_ROLE.UserRole) + 2  # the session number

    def __init__(
        self, objects: ObjectTable, processes: ProcessTable, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = traffic_columns(processes)
        self._objects = objects
        self._rows: list[ObjectRow] = []
        self._places: dict[int, int] = {}
        self._sort = -1  # in the order of their creation
        self._descending = False
        self.sync({row.number: ALL_OBJECT_FIELDS for row in objects})

    def sync(self, changed: Mapping[int, Collection[str]]) -> None:
        """Fetch these objects again. `changed`: the fields that differ, by object; those that are
        not shown yet are added."""
        new: list[ObjectRow] = []
        touched: set[int] = set()
        names: set[str] = set()
        for number, fields in changed.items():
            row = self._objects.get(number)
            if row is None:
                continue
            place = self._places.get(number)
            if place is None:
                new.append(row)
            else:
                self._rows[place] = row
                touched.add(number)
                names.update(fields)
        if touched and self._sort >= 0 and not self.columns[self._sort].fields.isdisjoint(names):
            self._reorder()
        self._insert(new)
        if touched:
            self._tell(touched, names)

    def people_changed(self) -> None:
        """A process has another name."""
        if self._rows:
            if self._sort >= 0 and self.columns[self._sort].fields & PEOPLE:
                self._reorder()
            self._tell(self._places.keys(), PEOPLE)

    def row_at(self, place: int) -> ObjectRow | None:
        """The object that is shown at a place."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def index_of(self, number: int, column: int = 0) -> QModelIndex:
        """Where an object is shown; invalid when it is not."""
        place = self._places.get(number)
        return QModelIndex() if place is None else self.createIndex(place, column)

    # -- Qt's model ---------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(_ROLE.DisplayRole)) -> Any:
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        column = self.columns[index.column()]
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            return column.text(row)
        if role == self.VALUE_ROLE:
            return column.value(row)
        if role == self.OBJECT_ROLE:
            return row.number
        if role == _ROLE.TextAlignmentRole:
            return int(column.alignment)
        if role == _ROLE.ToolTipRole:
            return column.explain(row) or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(_ROLE.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == _ROLE.DisplayRole:
            return column.title
        if role == _ROLE.TextAlignmentRole:
            return int(column.alignment)
        if role == _ROLE.ToolTipRole:
            return column.tooltip
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, equals in the order of their creation; -1: all in that order."""
        self._sort = column if 0 <= column < len(self.columns) else -1
        self._descending = order == Qt.SortOrder.DescendingOrder and self._sort >= 0
        self._reorder()

    # -- from rows to signals -----------------------------------------------------------------

    def _ordered(self, rows: Iterable[ObjectRow]) -> list[ObjectRow]:
        known = sorted(rows, key=lambda row: row.number)
        if self._sort < 0:
            return known
        value = self.columns[self._sort].value

        def key(row: ObjectRow) -> Any:
            found = value(row)
            return 0 if found is None else found

        some = [row for row in known if value(row) is not None]
        none = [row for row in known if value(row) is None]
        # `reverse` keeps equals in their order, so sorting is stable in both directions.
        return sorted(some, key=key, reverse=self._descending) + none

    def _reorder(self) -> None:
        order = self._ordered(self._rows)
        if [row.number for row in order] == [row.number for row in self._rows]:
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        numbers = [self._rows[index.row()].number for index in old]
        self._rows = order
        self._number_places()
        new = [
            self.createIndex(self._places[number], index.column())
            for number, index in zip(numbers, old, strict=True)
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _insert(self, new: list[ObjectRow]) -> None:
        if not new:
            return
        numbers = {row.number for row in new}
        target = self._ordered([*self._rows, *new])
        first = 0
        while first < len(target):
            if target[first].number not in numbers:
                first += 1
                continue
            last = first
            while last + 1 < len(target) and target[last + 1].number in numbers:
                last += 1
            self.beginInsertRows(QModelIndex(), first, last)
            self._rows[first:first] = target[first : last + 1]
            self._number_places()
            self.endInsertRows()
            first = last + 1

    def _number_places(self) -> None:
        self._places = {row.number: place for place, row in enumerate(self._rows)}

    def _tell(self, touched: Iterable[int], names: Collection[str]) -> None:
        """One dataChanged over the rows and the columns that changed."""
        columns = [
            place for place, each in enumerate(self.columns) if not each.fields.isdisjoint(names)
        ]
        if columns:
            places = [self._places[number] for number in touched]
            self.dataChanged.emit(
                self.createIndex(min(places), columns[0]),
                self.createIndex(max(places), columns[-1]),
                [int(_ROLE.DisplayRole), self.VALUE_ROLE],
            )
