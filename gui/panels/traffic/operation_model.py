"""A stretch of the operations on one shared object as a Qt table: the newest at the bottom.

It grows and shrinks at both ends, and is never reset.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QObject

from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.operation import Operation

from ...kit.column import Column
from ...kit.column_table import ColumnTable
from ...kit.text.clock import Clock
from .operation_columns import PROCESS, operation_columns

Found = tuple[int, Operation]
"""The id of an operation in its session, and the operation."""


class OperationModel(ColumnTable[Found]):
    """Holds pairs (id, operation), ids rising. It emits Qt's signals only."""

    def __init__(self, processes: ProcessTable, parent: QObject | None = None) -> None:
        super().__init__(operation_columns(processes, Clock()), parent)

    @property
    def first_id(self) -> int:
        """The id of the oldest row; 0 without any."""
        return self._rows[0][0] if self._rows else 0

    @property
    def last_id(self) -> int:
        """The id of the newest row; 0 without any."""
        return self._rows[-1][0] if self._rows else 0

    def append(self, found: Sequence[Found]) -> None:
        """Take in newer ones; what is known already, or older, is left out."""
        last = self.last_id
        self._insert(len(self._rows), sorted(pair for pair in found if pair[0] > last))

    def prepend(self, found: Sequence[Found]) -> None:
        """Take in older ones; what is known already, or newer, is left out."""
        first = self.first_id
        self._insert(0, sorted(pair for pair in found if not first or pair[0] < first))

    def cut_oldest(self, count: int) -> None:
        """Let go of so many rows at the top."""
        self._remove(0, min(count, len(self._rows)))

    def cut_newest(self, count: int) -> None:
        """Let go of so many rows at the bottom."""
        count = min(count, len(self._rows))
        self._remove(len(self._rows) - count, count)

    def clear(self) -> None:
        """Show nothing, before another object is shown."""
        self.cut_oldest(len(self._rows))

    def people_changed(self) -> None:
        """A process has another name."""
        if self._rows:
            first, last = self.index(0, PROCESS), self.index(len(self._rows) - 1, PROCESS)
            self.dataChanged.emit(first, last, [])

    def operation_at(self, place: int) -> Operation | None:
        """The operation at a place."""
        row = self.row_at(place)
        return None if row is None else row[1]

    def _key(self, row: Found) -> Hashable:
        return row[0]

    def _text(self, row: Found, column: Column) -> str:
        return column.text(row[1])

    def _explained(self, row: Found, column: Column) -> str:
        return "" if column.explain is None else column.explain(row[1])
