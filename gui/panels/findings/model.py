"""The findings as a Qt table of one column: the worst first, what is resolved at the end.

Store --shown_findings--> show() --> rows moved, inserted, removed, one dataChanged
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from spawnscope.core.store.findings import by_weight
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.findings import Finding

from ...kit.column import Column
from ...kit.column_table import ColumnTable, Index
from ...kit.text.foreign import spoken
from .text import line_text

_ROLE = Qt.ItemDataRole


class FindingModel(ColumnTable[Finding]):
    """What is wrong, as far as the scope shows it. It emits Qt's signals only."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        column = Column(
            id="finding", title=tr("Finding"), tooltip="", width=300,
            text=lambda row: row.title, explain=lambda row: line_text(row, self.store),
        )  # fmt: skip
        super().__init__((column,), parent)
        self.store = store
        self._places: dict[int, int] = {}
        self.show(store)

    def show(self, store: Store) -> None:
        """Show exactly what is wrong in this store."""
        self.store = store
        before = {row.finding: row for row in self._rows}
        rows = by_weight(store.shown_findings())
        self._arrange(rows)
        differing = [at for at, row in enumerate(rows) if before.get(row.finding) is not row]
        self._tell(differing)

    @property
    def numbers(self) -> frozenset[int]:
        """The findings that are shown."""
        return frozenset(self._places)

    def place_of(self, number: int) -> int | None:
        """Where a finding stands."""
        return self._places.get(number)

    def index_of(self, number: int) -> QModelIndex:
        """Where a finding is shown; invalid when it is not."""
        place = self._places.get(number)
        return QModelIndex() if place is None else self.createIndex(place, 0)

    def data(self, index: Index, role: int = int(_ROLE.DisplayRole)) -> Any:
        row = self.row_at(index.row()) if index.isValid() else None
        if row is not None and role == _ROLE.AccessibleTextRole:
            return spoken(line_text(row, self.store))
        return super().data(index, role)

    def _key(self, row: Finding) -> Hashable:
        return row.finding

    def _rows_came_or_went(self) -> None:
        self._places = {row.finding: place for place, row in enumerate(self._rows)}
