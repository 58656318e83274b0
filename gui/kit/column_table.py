"""A table whose columns are objects, and whose rows change by deltas only.

rows as they should be --arrange()--> removed runs, one move, inserted runs --> the view
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from .column import Column, Value
from .text.foreign import spoken, tip

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")
_ROLE = Qt.ItemDataRole
_NOWHERE = QModelIndex()


class ColumnTable(QAbstractTableModel, Generic[Row]):
    """Rows under columns. A subclass says what tells rows apart. It emits Qt's signals only."""

    VALUE_ROLE = int(_ROLE.UserRole) + 1  # what sorting compares
    ROW_ROLE = int(_ROLE.UserRole) + 2  # the row itself

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = columns
        self._rows: list[Row] = []

    def row_at(self, place: int) -> Row | None:
        """The row at a place."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

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
        if role == _ROLE.DisplayRole:
            return self._text(row, column)
        if role == _ROLE.AccessibleTextRole:
            return spoken(self._text(row, column))
        if role == _ROLE.TextAlignmentRole:
            return int(column.alignment)
        if role == _ROLE.ToolTipRole:
            return tip(self._explained(row, column)) or None
        if role == self.VALUE_ROLE:
            return column.value(row)
        if role == self.ROW_ROLE:
            return row
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(_ROLE.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        return self.columns[section].header(role)

    # -- for subclasses -----------------------------------------------------------------------

    def _key(self, row: Row) -> Hashable:
        """What tells a row from all others."""
        raise NotImplementedError

    def _text(self, row: Row, column: Column) -> str:
        return column.text(row)

    def _explained(self, row: Row, column: Column) -> str:
        return "" if column.explain is None else column.explain(row)

    def _rows_came_or_went(self) -> None:
        """The places of rows differ, and no signal was sent yet."""

    def _insert(self, first: int, rows: Sequence[Row]) -> None:
        if rows:
            self.beginInsertRows(_NOWHERE, first, first + len(rows) - 1)
            self._rows[first:first] = rows
            self._rows_came_or_went()
            self.endInsertRows()

    def _remove(self, first: int, count: int) -> None:
        if count > 0:
            self.beginRemoveRows(_NOWHERE, first, first + count - 1)
            del self._rows[first : first + count]
            self._rows_came_or_went()
            self.endRemoveRows()

    def _arrange(self, target: Sequence[Row]) -> None:
        """Show exactly these rows in this order. Those that stay are replaced silently: `_tell`
        says what differs in them."""
        wanted = {self._key(row): row for row in target}
        for first, last in _runs(self._rows, lambda row: self._key(row) not in wanted, last=True):
            self._remove(first, last - first)
        known = {self._key(row) for row in self._rows}
        staying = [row for row in target if self._key(row) in known]
        if [self._key(row) for row in staying] == [self._key(row) for row in self._rows]:
            self._rows = staying
        else:
            self._move(staying)
        for first, last in _runs(target, lambda row: self._key(row) not in known):
            self._insert(first, target[first:last])

    def _tell(self, places: Collection[int], names: Collection[str] | None = None) -> None:
        """One dataChanged over the rows and the columns that changed; `names`: the fields that
        differ, None for all."""
        columns = [
            place
            for place, each in enumerate(self.columns)
            if names is None or not each.fields.isdisjoint(names)
        ]
        if columns and places:
            self.dataChanged.emit(
                self.createIndex(min(places), columns[0]),
                self.createIndex(max(places), columns[-1]),
                [int(_ROLE.DisplayRole), self.VALUE_ROLE],
            )

    def _move(self, rows: list[Row]) -> None:
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        keys = [self._key(self._rows[index.row()]) for index in old]
        self._rows = rows
        self._rows_came_or_went()
        places = {self._key(row): place for place, row in enumerate(rows)}
        new = [
            self.createIndex(places[key], index.column())
            for key, index in zip(keys, old, strict=True)
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()


def in_order(rows: Iterable[Row], value: Callable[[Row], Value], *, descending: bool) -> list[Row]:
    """Rows sorted by a value; equals keep their order in both directions, None comes last."""
    known = list(rows)
    some = [row for row in known if value(row) is not None]
    none = [row for row in known if value(row) is None]
    key: Any = value
    return sorted(some, key=key, reverse=descending) + none


def _runs(
    rows: Sequence[Row], belongs: Callable[[Row], bool], *, last: bool = False
) -> list[tuple[int, int]]:
    """Runs of neighbouring rows as (first place, place behind); the `last` first."""
    found: list[tuple[int, int]] = []
    begin = -1
    for place, row in enumerate(rows):
        if belongs(row):
            begin = place if begin < 0 else begin
        elif begin >= 0:
            found.append((begin, place))
            begin = -1
    if begin >= 0:
        found.append((begin, len(rows)))
    return found[::-1] if last else found
