"""The process table as a Qt item model: sorted, filtered, and told by deltas only.

    ProcessTable --changed numbers--> sync() --> rows that move (see process_tree_rows)

Every node holds the row that it shows, so the display can lag behind the table (paused, hidden)
and catch up in one go. Sorting and filtering happen here, on plain lists, since a proxy model
would call back into Python for every comparison. Of processes that ended well and are alike, most
share a row, a fold: 10,000 of them cost what ten do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtCore import Signal as QtSignal

from spawnscope.core.analysis.process_filter import ProcessFilter
from spawnscope.core.analysis.process_fold import Shown
from spawnscope.core.analysis.process_helpers import HelpersRow
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.processes import ALL_FIELDS
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr

from ...kit.column import Column
from ...kit.column_table import Index
from ...kit.text.foreign import spoken, tip
from .cells import cell_text, cell_tip, sort_value, spoken_text
from .columns import ACTION, NAME
from .fault_marks import FaultMarks
from .node import TreeNode
from .tree_rows import ROLE, ProcessTreeRows
from .unseen import UnseenMarks

_SEVERAL = 200  # processes that come out of folds at once because they were selected elsewhere
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_SCOPE_FIELDS = frozenset(("worker",))  # what a scope looks at
_MATCH_CHANGED = ALL_FIELDS | {"matches"}
_MARKED = frozenset(("name",))  # what looks different by a mark


class ProcessTreeModel(ProcessTreeRows):
    """The tree of processes.

    Emits, beside the signals of its base: processes_started(list[int]), processes_ended(list[int]):
    after a sync, for the glow.
    """

    processes_started = QtSignal(list)
    processes_ended = QtSignal(list)

    def __init__(
        self,
        store: Store,
        parent: QObject | None = None,
        clock: Callable[[], int] | None = None,
    ) -> None:
        """`clock`: Unix time in ns, for durations; None: that of the store."""
        super().__init__(store, parent)
        self._clock = clock
        self.unseen, self.faults = UnseenMarks(), FaultMarks()
        self._forest.now_ns = self._ticked_ns = self.clock()  # what is on screen is no older
        self.sync(self._all())

    def clock(self) -> int:
        """The time that is shown, Unix time in ns."""
        return self._table.store.now_ns() if self._clock is None else self._clock()

    # -- what the panel does ------------------------------------------------------------------

    def sync(
        self, changed: Mapping[int, Collection[str]], kept: Collection[int] | None = None
    ) -> None:
        """Fetch the rows of these processes again. `changed`: the fields that differ, by process;
        unknown processes are added. `kept`: if not None, fold what may be folded but for these."""
        self._forest.now_ns = self.clock()
        started: list[int] = []
        ended: list[int] = []
        touched: dict[TreeNode, set[str]] = {}
        for number, names in changed.items():
            row = self._table.get(number)
            if row is None:
                continue
            root = self._forest.nodes.get(self.unseen.note(row) or 0)
            if root is not None:
                touched.setdefault(root, set()).add("watched")
            node = self._forest.nodes.get(number)
            if node is None and self._forest.folds.top_of(number) is not None:
                self._forest.folds.refresh(number)
                node = self._forest.nodes.get(number)
                if node is None:
                    continue
            if node is None:
                before = len(started)
                self._forest.add(number, started)
                for above in map(self._forest.parent_number, started[before:]):
                    if above is not None:  # it is no helper that started nothing any more
                        self._follow_parent(self._forest.nodes[above])
                if not row.is_live:
                    ended.append(number)
                continue
            if self._forest.take_row(node):
                ended.append(number)
            node = self._forest.nodes[number]  # it may have come out of a fold
            self._follow_parent(node)
            fields = set(names)
            deciding = self._table.filter.fields | _SCOPE_FIELDS
            if not deciding.isdisjoint(fields) and self._forest.rematch(node):
                fields |= _MATCH_CHANGED
            if self._forest.sort is not None and not self._forest.sort.fields.isdisjoint(fields):
                self._forest.unsettle(node.parent)
            touched.setdefault(node, set()).update(fields)
        if kept is not None:
            self._forest.folds.fold(kept)
        self._show(touched)
        if started:
            self.processes_started.emit(started)
        if ended:
            self.processes_ended.emit(ended)

    def show(self, store: Store) -> None:
        """Show another moment, or another part of the session."""
        then = self._table.store
        self._table.show(store)
        if then.moment_ns != store.moment_ns:
            self.sync(self._all())
        self.rematch()
        self.mark_faults()

    def mark_faults(self) -> None:
        """Something else is wrong: mark those whom it concerns."""
        differing = self.faults.take(self._table.store.findings)
        self.sync(dict.fromkeys(differing, _MARKED))

    def set_filter(self, wanted: ProcessFilter) -> None:
        """Show only what passes, and the ancestors of it."""
        self._table.filter = wanted
        self.rematch()

    def rematch(self) -> None:
        """Ask again of all rows whether they are to be seen."""
        touched: dict[TreeNode, set[str]] = {}
        for node in list(self._forest.nodes.values()):
            if isinstance(node.row, ProcessRow) and self._forest.rematch(node):
                touched[node] = set(_MATCH_CHANGED)
        self._forest.folds.rematch()
        self._show(touched)

    @property
    def filter(self) -> ProcessFilter:
        """What is shown."""
        return self._table.filter

    def tick(self, runs: Mapping[int, tuple[int, int]]) -> None:
        """Time has passed: tell that durations changed. `runs`: the first and the last row in
        question, by the number of their parent (-1 at the top)."""
        before, self._ticked_ns = self._ticked_ns, self.clock()
        now = self._forest.now_ns = self._ticked_ns
        for number, (first, last) in runs.items():
            shown = self._forest.root.shown if number < 0 else self._forest.nodes[number].shown
            for place, column in enumerate(self.columns):
                if not column.ticks or (column is ACTION and not self._forest.stopping):
                    continue
                differ = [
                    at
                    for at in range(first, last + 1)
                    if column is ACTION  # its disc empties while its text stands
                    or cell_text(column, shown[at].row, now)
                    != cell_text(column, shown[at].row, before)
                ]
                if differ:
                    self.dataChanged.emit(
                        self.createIndex(differ[0], place, shown[differ[0]].number),
                        self.createIndex(differ[-1], place, shown[differ[-1]].number),
                        list(self._SHOWN_ROLES),
                    )

    # -- folds --------------------------------------------------------------------------------

    def is_fold_due(self) -> bool:
        """Whether a sync with `kept` may soon fold some."""
        return self._forest.folds.is_due

    def open_fold(self, index: Index, more: bool = False) -> None:
        """Show processes of a fold below it, the last ones; `more`: and those before, by a page.
        Nothing for other rows."""
        node = self._forest.nodes[index.internalId()]
        if node.fold is not None:
            self._forest.folds.open(node.fold, more)
            self._show({})

    def close_fold(self, index: Index) -> None:
        """Show the processes of a fold no more. Nothing for other rows."""
        node = self._forest.nodes[index.internalId()]
        if node.fold is not None:
            self._forest.folds.close(node.fold)
            self._show({})

    def close_folds(self) -> None:
        """The same for all."""
        self._forest.folds.close_all()
        self._show({})

    def lines_of(self, processes: Collection[int]) -> list[QModelIndex]:
        """The lines that stand for exactly these processes, as far as they are shown. Folds stand
        for all that they hold; of those that are wanted in part, some come out."""
        folds = self._forest.folds
        for number in processes if len(processes) <= _SEVERAL else ():
            top = folds.top_of(number)
            if top is not None and top != number and number not in self._forest.nodes:
                folds.take_out(top)
        inside = [number for number in processes if number in folds.folded]
        wanted = Counter(folds.folded[number] for number in inside)
        whole = {fold for fold, count in wanted.items() if count == len(fold.hits)}
        single = [each for each in inside if folds.folded[each] not in whole]
        for number in single[:_SEVERAL]:
            if number in folds.folded and number not in self._forest.nodes:
                folds.take_out(number)
        self._show({})
        found = [self.index_of(fold.node.number) for fold in whole]
        found += [
            self.index_of(number)
            for number in sorted(processes)
            if folds.folded.get(number) not in whole
        ]
        return [index for index in found if index.isValid()]

    def lines_of_helpers(self) -> list[int]:
        """The lines that stand for helpers, as far as they are shown."""
        nodes = self._forest.nodes.values()
        return [each.number for each in nodes if each.shown and isinstance(each.row, HelpersRow)]

    def _show(self, touched: dict[TreeNode, set[str]]) -> None:
        """Move the rows, then say what differs in them."""
        moved = self._settle()
        folds = self._forest.folds
        for node in folds.changed:
            touched[node] = set(_MATCH_CHANGED)
        folds.changed.clear()
        if moved:
            self.rows_settled.emit()
        self._tell(touched)

    # -- what the view asks beyond Qt's model -------------------------------------------------

    def row_of(self, index: Index) -> Shown | None:
        """The row that `index` shows."""
        node = self._forest.nodes.get(index.internalId()) if index.isValid() else None
        return None if node is None else node.row

    def shown_row(self, process: int) -> ProcessRow | None:
        """The row of a process as it is shown now."""
        return self._forest.row_of(process)

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

    def processes_of(self, index: Index) -> list[int]:
        """The processes that a line stands for: one, or those of a fold that pass the filter."""
        node = self._forest.nodes.get(index.internalId()) if index.isValid() else None
        return [] if node is None else self._forest.folds.selected_by(node)

    def has_workers(self) -> bool:
        """Whether anything but the supervisor is known, shown or filtered out."""
        return self._forest.has_workers()

    def has_live(self) -> bool:
        """Whether any process lives."""
        return bool(self._forest.living)

    def has_countdown(self) -> bool:
        """Whether a termination is under way."""
        return bool(self._forest.stopping)

    def now_ns(self) -> int:
        """The time that durations are shown for, in ns of Unix time."""
        return self._forest.now_ns

    # -- Qt's model ---------------------------------------------------------------------------

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = int(ROLE.DisplayRole)) -> Any:
        node = self._forest.nodes.get(index.internalId()) if index.isValid() else None
        if node is None:
            return None
        row = node.row
        column = self.columns[index.column()]
        if role == ROLE.DisplayRole:
            return cell_text(column, row, self._forest.now_ns)
        if role == self.VALUE_ROLE:
            return sort_value(column, row, self._forest.now_ns)
        if role == self.PROCESS_ROLE:
            return node.number
        if role == self.MATCH_ROLE:
            return node.matches
        if role == ROLE.TextAlignmentRole:
            return int(column.alignment)
        if role == ROLE.ToolTipRole:
            return tip(self._told(column, row))
        if role == ROLE.AccessibleTextRole:
            words = spoken_text(column, row, self._forest.now_ns)
            fault = self.faults.tip(row) if column is NAME else ""
            return spoken(f"{words}, {fault}") if fault else words
        return None

    def _told(self, column: Column, row: Shown) -> str:
        told = cell_tip(column, row, self._forest.now_ns)
        marks = (self.faults.tip(row), self.unseen.tip(row)) if column is NAME else ()
        return "\n".join(filter(None, (told, *marks)))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(ROLE.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == ROLE.AccessibleTextRole:
            return column.title or tr("Terminate")
        return column.header(role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort siblings by a column; -1: in the order of their start."""
        self._forest.sort = self.columns[column] if 0 <= column < len(self.columns) else None
        descending = order == Qt.SortOrder.DescendingOrder
        self._forest.descending = descending and self._forest.sort is not None
        for node in (self._forest.root, *self._forest.nodes.values()):
            self._forest.unsettle(node)
        self._settle()

    def _all(self) -> dict[int, frozenset[str]]:
        return {row.number: ALL_FIELDS for row in self._table}

    def _follow_parent(self, node: TreeNode) -> None:
        """A parent that was unknown has appeared, or it is a helper by now, or none: move."""
        assert node.parent is not None
        if node.parent.fold is not None:
            return
        home = self._forest.home(node.number)
        if home is not node.parent:
            self._detach(node)
            self._forest.put_below(node, home, self._forest.take_out(node))
