"""The last operations on one shared object as a Qt table: the newest at the bottom.

It grows at the end and, once it is full, shrinks at the beginning; it is never reset.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from spawnscope.core.client.process_table import ProcessTable
from spawnscope.core.vocabulary.operation import Operation

from ..text.clock import Clock
from .operation_columns import PROCESS, operation_columns

MOST = 5000  # rows that are kept
_SLACK = 250  # rows above that before the oldest go: to cut off a few each time costs more

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_NOWHERE = QModelIndex()


class OperationModel(QAbstractTableModel):
    """Holds pairs (id, operation), ids rising. It emits Qt's signals only."""

    OPERATION_ROLE = int(_ROLE.UserRole) + 1

    def __init__(self, processes: ProcessTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = operation_columns(processes, Clock())
        self._rows: list[tuple[int, Operation]] = []

    @property
    def last_id(self) -> int:
        """The id of the newest row; 0 without any."""
        return self._rows[-1][0] if self._rows else 0

    def append(self, found: Sequence[tuple[int, Operation]]) -> None:
        """Take in what came; what is known already, or older, is left out."""
        last = self.last_id
        new = sorted((pair for pair in found if pair[0] > last), key=lambda pair: pair[0])[-MOST:]
        if not new:
            return
        if len(self._rows) + len(new) > MOST + _SLACK:
            self._remove_first(min(len(self._rows), len(self._rows) + len(new) - MOST))
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        self._rows += new
        self.endInsertRows()

    def clear(self) -> None:
        """Show nothing, before another object is shown."""
        self._remove_first(len(self._rows))

    def people_changed(self) -> None:
        """A process has another name."""
        if self._rows:
            self.dataChanged.emit(
                self.createIndex(0, PROCESS),
                self.createIndex(len(self._rows) - 1, PROCESS),
                [int(_ROLE.DisplayRole)],
            )

    def row_at(self, place: int) -> Operation | None:
        """The operation at a place."""
        return self._rows[place][1] if 0 <= place < len(self._rows) else None

    # -- Qt's model ---------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(_ROLE.DisplayRole)) -> Any:
        operation = self.row_at(index.row()) if index.isValid() else None
        if operation is None:
            return None
        column = self.columns[index.column()]
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            return column.text(operation)
        if role == _ROLE.TextAlignmentRole:
            return int(column.alignment)
        if role == _ROLE.ToolTipRole:
            return column.explain(operation) or None
        if role == self.OPERATION_ROLE:
            return operation
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

    def _remove_first(self, count: int) -> None:
        if count > 0:
            self.beginRemoveRows(QModelIndex(), 0, count - 1)
            del self._rows[:count]
            self.endRemoveRows()
