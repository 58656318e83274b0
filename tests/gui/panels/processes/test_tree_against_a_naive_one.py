"""The tree model against a tree that is built anew each time, driven by random events."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from spawnscope.core.analysis.process_filter import ProcessFilter
from spawnscope.core.analysis.process_helpers import HelpersRow
from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.store.session import Session
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.store.store import Store
from spawnscope.core.vocabulary.events import Event, ProcessExited, ProcessStarted, Role, Sample
from spawnscope.gui.panels.processes import folds as process_folds
from spawnscope.gui.panels.processes.cells import sort_value
from spawnscope.gui.panels.processes.columns import COLUMNS
from spawnscope.gui.panels.processes.node import FIRST_FOLD
from spawnscope.gui.panels.processes.tree_model import ProcessTreeModel

HELPERS_LINE = -2
CPU_INDEX = next(i for i, column in enumerate(COLUMNS) if column.id == "cpu")


def shown(model: ProcessTreeModel, parent: QModelIndex | None = None) -> list[Any]:
    """The tree as the model shows it: [number, [children ...], number, ...]."""
    parent = parent or QModelIndex()
    result: list[Any] = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        result += [index.data(model.PROCESS_ROLE), shown(model, index)]
    return result


def apply(model: ProcessTreeModel, store: SessionStore, *events: Event) -> None:
    changed: dict[int, set[str]] = {}

    def take(told: StoreChange) -> None:
        for change in told.processes:
            changed.setdefault(change.process, set()).update(change.fields)
            for number in change.adopted:
                changed.setdefault(number, set())
        if told.scoped:  # with the last of a run, the run is not among what lives any more
            model.show(store)

    leave = store.subscribe(take)
    store.apply(list(events))
    leave()
    model.sync(changed)


class AtMoment(Store):
    """A moment that is worked out from the rows as they are now."""

    def __init__(self, store: SessionStore, moment_ns: int) -> None:
        self._store = store
        rows = [
            replace(row, ended_ns=None) if (row.ended_ns or 0) > moment_ns else row
            for row in store.processes
            if row.started_ns <= moment_ns
        ]
        super().__init__(ProcessTable.of(rows, store.objects), store.findings, moment_ns)

    @property
    def session(self) -> Session:
        return self._store

    def now_ns(self) -> int:
        assert self.moment_ns is not None
        return self.moment_ns

    def counters(self, process: int | None = None) -> Any:
        return []

    def counters_before(self, ago_ns: int) -> Any:
        return None

    def users_of(self, number: int) -> Any:
        return []


class AgainstANaiveTree(RuleBasedStateMachine):
    """Random events, sortings, filters, clearings and folds; the model must show what a tree shows
    that is built anew each time, but for what is folded: that may share lines."""

    def __init__(self) -> None:
        super().__init__()
        self.store = SessionStore()
        self.table = self.store.processes
        self.model = ProcessTreeModel(self.store)
        self.tester = QAbstractItemModelTester(
            self.model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self.now = 1
        self.next = 1
        self.cleared: list[set[int]] = []  # one by one, for undo
        self.moment: int | None = None
        self.column = -1
        self.descending = False
        self.filter = ProcessFilter()
        self.waiting: list[Event] = []
        self.worker: dict[int, int | None] = {}
        self.kin: dict[int | None, list[int]] = {}
        few = {"KEPT": 2, "LEAST": 2, "PAGE": 3}
        self.patch = mock.patch.multiple(process_folds, **few)
        self.patch.start()

    def teardown(self) -> None:
        self.patch.stop()

    @rule(
        parents=st.lists(st.integers(-1, 3), min_size=1, max_size=5),
        backwards=st.booleans(),
        role=st.sampled_from([Role.CHILD, Role.CHILD, Role.FORKSERVER, Role.RESOURCE_TRACKER]),
    )
    def start(self, parents: list[int], backwards: bool, role: Role) -> None:
        for back in parents:
            self.now += 1
            number, parent = self.next, max(0, self.next - 1 - back) or None
            self.next += 1
            parent = None if parent == number else parent
            self.waiting.append(
                ProcessStarted(
                    process=number, pid=number, start_ticks=0, time_ns=self.now, parent=parent,
                    ppid=0, worker=self.run_below(parent, number), name=f"n{number % 4}",
                    role=role,
                    start_method=None, cmdline=(),
                )
            )  # fmt: skip
        if backwards:
            self.waiting.reverse()

    @precondition(lambda self: self.next > 1)
    @rule(data=st.data(), cpu=st.floats(0, 100))
    def use(self, data: st.DataObject, cpu: float) -> None:
        number = data.draw(st.integers(1, self.next - 1))
        self.now += 1
        self.waiting.append(Sample(number, number, self.now, cpu, 1, 1, 1, "sleeping"))

    @precondition(lambda self: self.next > 1)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, self.next - 1))
        self.now += 1
        self.waiting.append(ProcessExited(number, number, self.now, 0, None, "Ended."))

    @precondition(lambda self: self.next > 1)
    @rule(data=st.data(), count=st.integers(3, 9), code=st.sampled_from([0, 0, 0, 1]))
    def flock(self, data: st.DataObject, count: int, code: int) -> None:
        """Children of one parent that are alike come and go."""
        parent = data.draw(st.integers(1, self.next - 1))
        for number in range(self.next, self.next + count):
            self.now += 1
            self.worker[number] = self.worker[parent]
            self.waiting += [
                ProcessStarted(number, number, 0, self.now, parent, 0, self.worker[parent],
                               f"flock-{number}", Role.CHILD, None, ()),
                ProcessExited(number, number, self.now, code, None, "Ended."),
            ]  # fmt: skip
        self.next += count

    @rule(kept=st.frozensets(st.integers(1, 40), max_size=3))
    def fold(self, kept: frozenset[int]) -> None:
        self.deliver()
        self.model.sync({}, kept)
        for number in kept & {row.number for row in self.table}:
            if self.passes(number):
                assert self.model.lines_of([number]) == [self.model.index_of(number)]

    @rule(data=st.data(), more=st.booleans())
    def open(self, data: st.DataObject, more: bool) -> None:
        folds = [index for index in self.lines() if index.internalId() >= FIRST_FOLD]
        if folds:
            index = data.draw(st.sampled_from(folds))
            (self.model.open_fold if more else self.model.close_fold)(index)

    def run_below(self, parent: int | None, number: int) -> int | None:
        """Every second one at the top is a run; what is below is of the same."""
        run = self.worker.get(parent or 0) if parent else (number if number % 2 else None)
        self.worker[number] = run
        return run

    @precondition(lambda self: self.next > 1)
    @rule(data=st.data())
    def go_to_a_moment(self, data: st.DataObject) -> None:
        """A session is looked at as it was before: what ended later lives, what started later is
        not there."""
        self.deliver()
        self.moment = data.draw(st.integers(1, self.now))
        self.model.show(AtMoment(self.store, self.moment))

    @rule()
    def come_back(self) -> None:
        self.deliver()
        self.moment = None
        self.model.show(self.store)

    @precondition(lambda self: self.next > 1)
    @rule(data=st.data(), living=st.booleans())
    def look_at_runs(self, data: st.DataObject, living: bool) -> None:
        self.deliver()
        runs = st.frozensets(st.integers(1, self.next - 1), max_size=4)
        chosen = data.draw(st.none() | runs)
        self.store.show(replace(self.store.scope, runs=chosen, living=living))
        self.come_back()

    @rule()
    def deliver(self) -> None:
        self.moment = None
        self.model.show(self.store)
        apply(self.model, self.store, *self.waiting)
        self.waiting.clear()

    @rule(column=st.sampled_from([-1, 0, CPU_INDEX]), descending=st.booleans())
    def sort(self, column: int, descending: bool) -> None:
        self.column, self.descending = column, descending and column >= 0
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.model.sort(column, order)

    @rule(text=st.sampled_from(["", "n1", "cpu>50", "status:live", "-n2"]))
    def look_for(self, text: str) -> None:
        self.filter = ProcessFilter(text)
        self.model.set_filter(self.filter)

    @precondition(lambda self: self.next > 1)
    @rule(data=st.data(), undo=st.booleans())
    def clear(self, data: st.DataObject, undo: bool) -> None:
        """A family ends, and all that has ended is hidden; perhaps it is brought back at once."""
        self.deliver()
        number = data.draw(st.integers(1, self.next - 1))
        for each in (number, *self.below(number)):
            self.now += 1
            self.waiting.append(ProcessExited(each, each, self.now, 0, None, "Ended."))
        self.deliver()
        self.come_back()
        wanted = {
            row.number
            for row in self.table
            if not any(self.table[n].is_live for n in (row.number, *self.below(row.number)))
            and self.in_scope(row.number)
        }
        assert self.store.clear_ended() == len(wanted)
        if wanted:
            self.cleared.append(wanted)
        self.come_back()
        if undo:
            self.check()
            self.bring_back()

    @rule()
    def bring_back(self) -> None:
        self.deliver()
        assert self.store.has_cleared == bool(self.cleared)
        if self.cleared:
            self.cleared.pop()
        self.store.restore_cleared()
        self.come_back()

    def in_scope(self, number: int) -> bool:
        """Whether it is in one of the runs that are shown, and was not cleared."""
        scope, run = self.store.scope, self.worker[number]
        if any(number in each for each in self.cleared):
            return False
        if run is None:
            return True
        alive = any(row.worker == run and row.is_live for row in self.table)
        return (scope.runs is None or run in scope.runs) and (alive or not scope.living)

    def row(self, number: int) -> ProcessRow:
        """The row as it was at the moment that is shown."""
        row = self.table[number]
        over = row.ended_ns is not None and self.moment is not None and row.ended_ns > self.moment
        return replace(row, ended_ns=None) if over else row

    def passes(self, number: int) -> bool:
        """Whether it is to be seen by itself."""
        if self.moment is not None and self.table[number].started_ns > self.moment:
            return False
        return self.in_scope(number) and self.filter.matches(self.row(number))

    def place(self, number: int) -> int | None:
        return self.table.parent(number)

    def children(self, number: int | None) -> list[int]:
        return (self.kin or self.families()).get(number, [])

    def families(self) -> dict[int | None, list[int]]:
        """The children of each, by number."""
        found: dict[int | None, list[int]] = {}
        for number in sorted(row.number for row in self.table):
            found.setdefault(self.place(number), []).append(number)
        return found

    def below(self, number: int) -> list[int]:
        result = []
        for child in self.children(number):
            result += [child, *self.below(child)]
        return result

    def naive(self, number: int | None = None) -> list[Any]:
        def key(child: int) -> tuple[bool, Any]:
            if self.column < 0:
                return (False, 0)
            value = sort_value(COLUMNS[self.column], self.row(child), 0)
            return ((value is None) != self.descending, 0 if value is None else value)

        children = [
            child
            for child in self.children(number)
            if any(map(self.passes, (child, *self.below(child))))
        ]
        children.sort(key=key, reverse=self.descending)
        result, helpers = list[Any](), list[Any]()
        for child in children:
            helper = self.table[child].role is not Role.CHILD and not self.table.children(child)
            (helpers if helper else result).extend((child, self.naive(child)))
        return result + ([HELPERS_LINE, helpers] if helpers else [])

    def lines(self, parent: QModelIndex | None = None) -> list[QModelIndex]:
        """All lines of the model."""
        parent = parent or QModelIndex()
        found = []
        for row in range(self.model.rowCount(parent)):
            index = self.model.index(row, 0, parent)
            found += [index, *self.lines(index)]
        return found

    def without_folded(self, tree: list[Any], folded: set[int]) -> list[Any]:
        result: list[Any] = []
        for number, below in zip(tree[::2], tree[1::2], strict=True):
            if number == HELPERS_LINE or isinstance(
                self.model.row_of(self.model.index_of(number)), HelpersRow
            ):
                result += [HELPERS_LINE, self.without_folded(below, folded)]
            elif number not in folded and number < FIRST_FOLD:
                result += [number, self.without_folded(below, folded)]
        return result

    @invariant()
    def shows_what_a_naive_tree_shows(self) -> None:
        if self.waiting:
            return
        self.kin = self.families()  # nothing changes meanwhile
        self.check()
        self.kin = {}

    def check(self) -> None:
        folded: set[int] = set()
        for index in self.lines():
            if index.internalId() >= FIRST_FOLD:
                numbers = self.model.processes_of(index)
                if isinstance(self.model.row_of(index), HelpersRow):
                    assert sorted(numbers) == sorted(shown(self.model, index)[::2])
                    continue
                rest = index.parent().internalId() >= FIRST_FOLD if index.parent().isValid() else 0
                assert len(numbers) == self.model.row_of(index).count  # type: ignore[union-attr]
                if not rest:
                    assert numbers == sorted(numbers)
                    assert folded.isdisjoint(numbers)
                    place = index.parent().internalId() if index.parent().isValid() else None
                    assert {self.place(number) for number in numbers} == {place}
                    folded.update(numbers)
                    self.check_open(index, numbers)
        for number in folded:
            for each in (number, *self.below(number)):
                row = self.row(each)
                assert (row.is_live, row.has_failed) == (False, False)
        assert self.without_folded(shown(self.model), folded) == self.without_folded(
            self.naive(), folded
        )

    def check_open(self, fold: QModelIndex, numbers: list[int]) -> None:
        """What an open fold shows: the last ones, and a line for the rest."""
        lines = [self.model.index(row, 0, fold) for row in range(self.model.rowCount(fold))]
        own = [each.internalId() for each in lines if each.internalId() < FIRST_FOLD]
        assert sorted(own) == numbers[-len(own) :] or not own
        rest = [each for each in lines if each.internalId() >= FIRST_FOLD]
        if lines:
            hidden = [number for each in rest for number in self.model.processes_of(each)]
            assert hidden == numbers[: len(numbers) - len(own)]


@pytest.mark.usefixtures("qapp")
class TestAgainstANaiveTree(AgainstANaiveTree.TestCase):  # type: ignore[name-defined,misc]
    settings = settings(
        max_examples=30,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
