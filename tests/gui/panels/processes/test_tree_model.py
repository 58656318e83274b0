"""The tree model against the table: deltas only, and always what a naive tree would show."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from spawnscope.core.analysis.process_filter import ProcessFilter
from spawnscope.core.store.processes import ALL_FIELDS, ProcessTable
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import Event
from spawnscope.gui.panels.processes.columns import ACTION, COLUMNS
from spawnscope.gui.panels.processes.tree_model import ProcessTreeModel

CPU_INDEX = next(i for i, column in enumerate(COLUMNS) if column.id == "cpu")
PID_INDEX = next(i for i, column in enumerate(COLUMNS) if column.id == "pid")


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


def clear(model: ProcessTreeModel, store: SessionStore) -> int:
    """Hide what has ended, as the panel does; returns how many."""
    count = store.clear_ended()
    model.show(store)
    return count


@pytest.fixture
def model(qtbot: QtBot, store: SessionStore, table: ProcessTable, make: Any) -> ProcessTreeModel:
    model = ProcessTreeModel(store)
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    assert tester.model() is model
    apply(model, table, *make.family())
    return model


FAMILY = [1, [10, [11, [], 12, []], 20, [21, [], 22, []], 30, [31, [], 32, []]]]


def test_the_tree_goes_from_the_supervisor_down(model: ProcessTreeModel) -> None:
    assert shown(model) == FAMILY


def test_a_batch_of_changes_is_one_data_changed_for_each_parent(
    model: ProcessTreeModel, table: ProcessTable, make: Any
) -> None:
    told: list[tuple[QModelIndex, QModelIndex, list[int]]] = []
    model.dataChanged.connect(lambda *args: told.append(args))
    numbers = (11, 12, 10, 30)
    for _round in range(2):
        told.clear()
        apply(model, table, *(make.sample(n, cpu=float(_round)) for n in numbers))
    spans = {
        (first.parent().data(model.PROCESS_ROLE), first.row(), last.row())
        for first, last, _roles in told
    }
    assert len(told) == 2
    assert spans == {(1, 0, 2), (10, 0, 1)}
    assert all(first.column() == last.column() == CPU_INDEX for first, last, _roles in told)
    assert all(Qt.ItemDataRole.DisplayRole in roles for _first, _last, roles in told)


def test_sorting_keeps_siblings_together_and_puts_the_unknown_last(
    model: ProcessTreeModel, table: ProcessTable, make: Any
) -> None:
    apply(model, table, make.sample(20, cpu=90.0), make.sample(30, cpu=10.0))
    model.sort(CPU_INDEX, Qt.SortOrder.DescendingOrder)
    assert shown(model)[1][::2] == [20, 30, 10]
    model.sort(CPU_INDEX, Qt.SortOrder.AscendingOrder)
    assert shown(model)[1][::2] == [30, 20, 10]
    apply(model, table, make.sample(30, cpu=95.0))
    assert shown(model)[1][::2] == [20, 30, 10], "sorted anew by what changed"
    model.sort(-1)
    assert shown(model) == FAMILY


def test_a_filter_keeps_the_ancestors_of_what_passes(model: ProcessTreeModel) -> None:
    model.set_filter(ProcessFilter("pid:1021"))
    assert shown(model) == [1, [20, [21, []]]]
    top = model.index(0, 0)
    assert top.data(model.MATCH_ROLE) is False
    assert model.index_of(21).data(model.MATCH_ROLE) is True
    assert not model.index_of(11).isValid()
    model.set_filter(ProcessFilter())
    assert shown(model) == FAMILY


def test_a_filter_follows_what_changes(
    model: ProcessTreeModel, table: ProcessTable, make: Any
) -> None:
    model.set_filter(ProcessFilter("cpu>50"))
    assert shown(model) == []
    apply(model, table, make.sample(12, cpu=80.0))
    assert shown(model) == [1, [10, [12, []]]]
    apply(model, table, make.started(13, 12), make.sample(13, cpu=99.0))
    assert shown(model) == [1, [10, [12, [13, []]]]]
    apply(model, table, make.sample(12, cpu=1.0), make.sample(13, cpu=1.0))
    assert shown(model) == []


def test_clearing_keeps_an_ended_parent_of_a_living_child(
    model: ProcessTreeModel, store: SessionStore, table: ProcessTable, make: Any
) -> None:
    assert not store.has_ended
    apply(model, table, make.exited(11), make.exited(20))
    apply(model, table, make.exited(21), make.exited(22))
    assert store.has_ended
    assert clear(model, store) == 4
    assert store.scope.without == {11, 20, 21, 22}
    assert shown(model) == [1, [10, [12, []], 30, [31, [], 32, []]]]
    assert not store.has_ended
    apply(model, table, make.exited(10))
    assert clear(model, store) == 0, "a child of it lives"
    assert shown(model) == [1, [10, [12, []], 30, [31, [], 32, []]]]
    apply(model, table, make.started(23, 20))
    assert shown(model)[1][::2] == [10, 20, 30], "what was cleared leads to what has started below"
    assert shown(model)[1][3] == [23, []]


def test_what_was_cleared_can_be_brought_back(
    model: ProcessTreeModel, store: SessionStore, table: ProcessTable, make: Any
) -> None:
    apply(model, table, make.exited(11))
    clear(model, store)
    apply(model, table, make.exited(12))
    clear(model, store)
    assert shown(model)[1][1] == []
    store.restore_cleared()
    model.show(store)
    assert shown(model)[1][1] == [12, []]
    store.restore_cleared()
    model.show(store)
    assert shown(model) == FAMILY
    assert not store.has_cleared


def test_a_parent_that_appears_late_takes_its_children_in(
    model: ProcessTreeModel, table: ProcessTable, make: Any
) -> None:
    apply(model, table, make.started(52, 51))
    assert shown(model)[2] == 52
    apply(model, table, make.started(51, 30))
    assert shown(model)[1][-1] == [31, [], 32, [], 51, [52, []]]


def test_what_is_spoken_names_the_button_and_the_unit(
    model: ProcessTreeModel, table: ProcessTable, make: Any
) -> None:
    apply(model, table, make.sample(11, cpu=40.0))
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert model.index_of(11, COLUMNS.index(ACTION)).data(spoken) == "Terminate"
    assert model.index_of(1, COLUMNS.index(ACTION)).data(spoken) == ""
    assert model.index_of(11, CPU_INDEX).data(spoken) == "40 %"
    horizontal = Qt.Orientation.Horizontal
    assert model.headerData(COLUMNS.index(ACTION), horizontal) == ""
    assert model.headerData(COLUMNS.index(ACTION), horizontal, spoken) == "Terminate"


def test_values_texts_and_tooltips_are_separate(model: ProcessTreeModel) -> None:
    index = model.index_of(11, PID_INDEX)
    assert (index.data(), index.data(model.VALUE_ROLE)) == ("1011", 1011)
    tooltip = model.index_of(11, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "name 11 (PID 1011), child" in tooltip
    assert "python 11.py" in tooltip


def test_a_chain_of_a_thousand_generations_is_shown(
    store: SessionStore, table: ProcessTable, make: Any
) -> None:
    model = ProcessTreeModel(store)  # the model tester would walk all of it at every step
    apply(
        model,
        table,
        make.started(1),
        *(make.started(n, n - 1 if n > 100 else 1) for n in range(100, 1100)),
    )
    model.set_filter(ProcessFilter("pid:2099"))
    depth, index = 0, model.index_of(1099)
    while index.isValid():
        depth, index = depth + 1, index.parent()
    assert depth == 1001
    model.set_filter(ProcessFilter())
    apply(model, table, *(make.exited(n) for n in range(100, 1100)))
    assert clear(model, store) == 1000
    assert shown(model) == [1, []]


def test_a_model_of_a_full_table_shows_it_at_once(
    store: SessionStore, table: ProcessTable, make: Any
) -> None:
    for event in make.family():
        table.apply(event)
    model = ProcessTreeModel(store)
    assert shown(model) == FAMILY
    model.sync(dict.fromkeys((1, 10, 11), ALL_FIELDS))
    assert shown(model) == FAMILY
