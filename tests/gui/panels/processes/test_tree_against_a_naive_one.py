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
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import Event, ProcessExited, ProcessStarted, Role, Sample
from spawnscope.gui.panels.processes import folds as process_folds
from spawnscope.gui.panels.processes.columns import COLUMNS
from spawnscope.gui.panels.processes.node import FIRST_FOLD
from spawnscope.gui.panels.processes.tree_model import ProcessTreeModel

CPU_INDEX = next(i for i, column in enumerate(COLUMNS) if column.id == "cpu")


def shown(model: ProcessTreeModel, parent: QModelIndex | None = None) -> list[Any]:
    """The tree as the model shows it: [number, [children ...], number, ...]."""
    parent = parent or QModelIndex()
    result: list[Any] = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        result += [index.data(model.PROCESS_ROLE), shown(model, index)]
    return result


def apply(model: ProcessTreeModel, table: ProcessTable, *events: Event) -> None:
    changed: dict[int, set[str]] = {}
    for event in events:
        change = table.apply(event)
        if change is not None:
            changed.setdefault(change.process, set()).update(change.fields)
            for number in change.adopted:
                changed.setdefault(number, set())
    model.sync(changed)


class AgainstANaiveTree(RuleBasedStateMachine):
    """Random events, sortings, filters, clearings and folds; the model must show what a tree shows
    that is built anew each time, but for what is folded: that may share lines."""

    def __init__(self) -> None:
        super().__init__()
        self.table = ProcessTable()
        self.model = ProcessTreeModel(self.table)
        self.tester = QAbstractItemModelTester(
            self.model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self.now = 1
        self.next = 1
        self.cleared: set[int] = set()
        self.column = -1
        self.descending = False
        self.filter = ProcessFilter()
        self.waiting: list[Event] = []
        self.kin: dict[int | None, list[int]] = {}
        few = {"KEPT": 2, "LEAST": 2, "PAGE": 3}
        self.patch = mock.patch.multiple(process_folds, **few)
        self.patch.start()

    def teardown(self) -> None:
        self.patch.stop()

    @rule(parents=st.lists(st.integers(-1, 3), min_size=1, max_size=5), backwards=st.booleans())
    def start(self, parents: list[int], backwards: bool) -> None:
        for back in parents:
            self.now += 1
            number, parent = self.next, max(0, self.next - 1 - back) or None
            self.next += 1
            parent = None if parent == number else parent
            self.waiting.append(
                ProcessStarted(
                    process=number, pid=number, start_ticks=0, time_ns=self.now, parent=parent,
                    ppid=0, worker=None, name=f"n{number % 4}", role=Role.CHILD,
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
            self.waiting += [
                ProcessStarted(number, number, 0, self.now, parent, 0, None, f"flock-{number}",
                               Role.CHILD, None, ()),
                ProcessExited(number, number, self.now, code, None, "Ended."),
            ]  # fmt: skip
        self.next += count

    @rule(kept=st.frozensets(st.integers(1, 40), max_size=3))
    def fold(self, kept: frozenset[int]) -> None:
        self.deliver()
        self.model.sync({}, kept)
        for number in kept & {row.number for row in self.table} - self.cleared:
            if self.filter.matches(self.table[number]):
                assert self.model.lines_of([number]) == [self.model.index_of(number)]

    @rule(data=st.data(), more=st.booleans())
    def open(self, data: st.DataObject, more: bool) -> None:
        folds = [index for index in self.lines() if index.internalId() >= FIRST_FOLD]
        if folds:
            index = data.draw(st.sampled_from(folds))
            (self.model.open_fold if more else self.model.close_fold)(index)

    @precondition(lambda self: self.next > 1)
    @rule(data=st.data())
    def come_to_life(self, data: st.DataObject) -> None:
        """A past session is looked at as it was before."""
        self.deliver()
        number = data.draw(st.integers(1, self.next - 1))
        if number in self.table:
            row = replace(self.table[number], ended_ns=None)
            changes = self.table.replace_rows({number: row})
            self.model.sync({change.process: change.fields for change in changes})

    @rule()
    def deliver(self) -> None:
        apply(self.model, self.table, *self.waiting)
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

    @rule()
    def clear(self) -> None:
        self.deliver()
        wanted = {
            row.number
            for row in self.table
            if not any(self.table[n].is_live for n in (row.number, *self.below(row.number)))
        }
        assert set(self.model.clear_ended()) == wanted - self.cleared
        self.cleared |= wanted

    def place(self, number: int) -> int | None:
        parent = self.table.parent(number)
        while parent in self.cleared:
            assert parent is not None
            parent = self.table.parent(parent)
        return parent

    def children(self, number: int | None) -> list[int]:
        return (self.kin or self.families()).get(number, [])

    def families(self) -> dict[int | None, list[int]]:
        """The children of each, by number."""
        found: dict[int | None, list[int]] = {}
        for number in sorted(self.kept()):
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
            value = COLUMNS[self.column].value(self.table[child], 0)
            return ((value is None) != self.descending, 0 if value is None else value)

        children = [
            child
            for child in self.children(number)
            if any(self.filter.matches(self.table[n]) for n in (child, *self.below(child)))
        ]
        children.sort(key=key, reverse=self.descending)
        result: list[Any] = []
        for child in children:
            result += [child, self.naive(child)]
        return result

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
            if number not in folded and number < FIRST_FOLD:
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
                row = self.table[each]
                assert (row.is_live, row.has_failed) == (False, False)
        assert self.without_folded(shown(self.model), folded) == self.without_folded(
            self.naive(), folded
        )
        assert self.model.has_ended() == any(
            not any(self.table[n].is_live for n in (number, *self.below(number)))
            for number in self.kept()
        )

    def kept(self) -> list[int]:
        return [row.number for row in self.table if row.number not in self.cleared]

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
