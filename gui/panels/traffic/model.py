"""The shared objects as a Qt table: grouped by type, sorted, and told by deltas only.

    Store --changed numbers--> sync() --> rows moved, inserted, removed, one dataChanged

Every row is held as it is shown, so the display can lag behind the table and catch up in one go.
The headings of groups are rows of their own; folding one takes the rows below it out.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.kinds import RANKS

from ...kit.column import Column
from ...kit.column_table import ColumnTable, Index, in_order
from ...kit.row_text import thread_name
from .columns import NAME, PEOPLE, GroupRow, traffic_columns

TrafficRow = ObjectRow | GroupRow
_ROLE = Qt.ItemDataRole


class TrafficModel(ColumnTable[TrafficRow]):
    """The shared objects of a store, as far as the scope shows them. It emits Qt's signals only."""

    OBJECT_ROLE = int(_ROLE.UserRole) + 3  # the session number; None for the heading of a group

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        self._processes = store.session.processes  # for names, which no moment changes
        super().__init__(traffic_columns(self._processes), parent)
        self._known: dict[int, ObjectRow] = {}
        self._places: dict[Hashable, int] = {}
        self._sort = -1  # in the order of their creation
        self._descending = False
        self._grouped = False
        self.folded: frozenset[str] = frozenset()  # types
        self.show(store)

    @property
    def grouped(self) -> bool:
        """Whether there are groups."""
        return self._grouped

    def show(self, store: Store) -> None:
        """Show exactly these from now on: the objects of another moment or scope."""
        self._store = store
        self._known = {row.number: row for row in store.shown_objects()}
        self._arrange(self._target())
        self._tell(range(len(self._rows)))

    def sync(self, changed: Mapping[int, Collection[str]]) -> None:
        """Fetch these objects again. `changed`: the fields that differ, by object; those that are
        not shown yet are added."""
        objects, shows = self._store.objects, self._store.sight.shows_object
        touched = [number for number in changed if number in objects and shows(objects[number])]
        staying = [number for number in touched if number in self._known]
        names = frozenset(name for number in staying for name in changed[number])
        for number in touched:
            self._known[number] = objects[number]
        moves = self._sort >= 0 and not self.columns[self._sort].fields.isdisjoint(names)
        if moves or len(staying) < len(touched):
            self._arrange(self._target())
        places = []
        for number in staying:
            place = self._places.get(number)
            if place is not None:
                self._rows[place] = self._known[number]
                places.append(place)
        if self._grouped:
            groups = self._sum_groups({self._known[number].type for number in touched})
            if len(staying) < len(touched):
                self._tell(groups)
            places += groups
        self._tell(places, names)

    def people_changed(self) -> None:
        """A process has another name."""
        if self._rows:
            if self._sort >= 0 and self.columns[self._sort].fields & PEOPLE:
                self._arrange(self._target())
            self._tell(range(len(self._rows)), PEOPLE)

    def set_grouped(self, grouped: bool) -> None:
        """Group the objects by their types, or show them all in one list."""
        if grouped != self._grouped:
            self._grouped = grouped
            self._arrange(self._target())

    def fold(self, type_name: str, folded: bool) -> None:
        """Hide the objects of a group, or show them again."""
        self.set_folded(self.folded | {type_name} if folded else self.folded - {type_name})

    def set_folded(self, types: Iterable[str]) -> None:
        """Exactly the groups of these types are folded."""
        wanted = frozenset(types)
        if wanted != self.folded:
            self.folded = wanted
            self._arrange(self._target())
            if self._grouped:
                self._tell(self._sum_groups({row.type for row in self._known.values()}))

    def index_of(self, number: int, column: int = 0) -> QModelIndex:
        """Where an object is shown; invalid when it is not."""
        place = self._places.get(number)
        return QModelIndex() if place is None else self.createIndex(place, column)

    def heading_of(self, type_name: str) -> QModelIndex:
        """Where the heading of a group is; invalid without one."""
        place = self._places.get(type_name)
        return QModelIndex() if place is None else self.createIndex(place, NAME)

    @property
    def types(self) -> frozenset[str]:
        """All types that there are objects of."""
        return frozenset(row.type for row in self._known.values())

    @property
    def most_lost(self) -> int:
        """The longest time that was lost at any of them, ns; at least 1."""
        return max((row.lost_ns for row in self._known.values()), default=0) or 1

    def named(self, who: tuple[int, str]) -> str:
        """A thread of a process by name and pid."""
        return thread_name(self._processes, who)

    def object_at(self, place: int) -> ObjectRow | None:
        """The object at a place; None for the heading of a group."""
        row = self.row_at(place)
        return row if isinstance(row, ObjectRow) else None

    # -- Qt's model ---------------------------------------------------------------------------

    def data(self, index: Index, role: int = int(_ROLE.DisplayRole)) -> Any:
        if role == self.OBJECT_ROLE:
            row = self.object_at(index.row())
            return None if row is None else row.number
        return super().data(index, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.row_at(index.row()), GroupRow):
            return Qt.ItemFlag.ItemIsEnabled  # it can be reached and folded, but not selected
        return super().flags(index)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, within groups if there are any, equals in the order of their creation;
        -1: all in that order."""
        self._sort = column if 0 <= column < len(self.columns) else -1
        self._descending = order == Qt.SortOrder.DescendingOrder and self._sort >= 0
        self._arrange(self._target())

    # -- from rows to signals -----------------------------------------------------------------

    def _key(self, row: TrafficRow) -> Hashable:
        return row.number if isinstance(row, ObjectRow) else row.type

    def _text(self, row: TrafficRow, column: Column) -> str:
        return column.text(row) if isinstance(row, ObjectRow) else column.fold(row)

    def _explained(self, row: TrafficRow, column: Column) -> str:
        if isinstance(row, ObjectRow):
            return super()._explained(row, column)
        return tr("Click to show them") if row.folded else tr("Click to hide them")

    def _target(self) -> list[TrafficRow]:
        rows = sorted(self._known.values(), key=lambda row: row.number)
        if self._sort >= 0:
            rows = in_order(rows, self.columns[self._sort].value, descending=self._descending)
        if not self._grouped:
            return list(rows)
        members: dict[str, list[ObjectRow]] = {}
        for row in rows:
            members.setdefault(row.type, []).append(row)
        target: list[TrafficRow] = []
        for name in sorted(members, key=lambda name: (RANKS.get(name, len(RANKS)), name)):
            folded = name in self.folded
            target.append(GroupRow.of(name, members[name], folded))
            if not folded:
                target += members[name]
        return target

    def _sum_groups(self, types: Collection[str]) -> list[int]:
        """Work out the headings of these groups anew; returns where they stand."""
        members: dict[str, list[ObjectRow]] = {name: [] for name in types}
        for row in self._known.values():
            if row.type in members:
                members[row.type].append(row)
        places = []
        for name, rows in members.items():
            place = self._places.get(name)
            if place is not None:
                self._rows[place] = GroupRow.of(name, rows, name in self.folded)
                places.append(place)
        return places

    def _rows_came_or_went(self) -> None:
        self._places = {self._key(row): place for place, row in enumerate(self._rows)}
