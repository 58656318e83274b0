"""The model of the shared objects: deltas only, sorted in a stable way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from spawnscope.core.client.object_table import ObjectTable
from spawnscope.core.client.process_table import ProcessTable
from spawnscope.core.vocabulary.events import Event, ProcessChanged, Role
from spawnscope.gui.models.traffic_columns import (
    BLOCKED,
    CREATOR,
    DEPTH,
    HOLDER,
    INWARD,
    NAME,
    PLACE,
    WAITERS,
)
from spawnscope.gui.models.traffic_model import TrafficModel

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


def apply(model: TrafficModel, objects: ObjectTable, *events: Event) -> None:
    changed: dict[int, set[str]] = {}
    for event in events:
        change = objects.apply(event)
        if change is not None:
            changed.setdefault(change.object, set()).update(change.fields)
    model.sync(changed)


def shown(model: TrafficModel) -> list[int]:
    return [model.index(row, 0).data(model.OBJECT_ROLE) for row in range(model.rowCount())]


def new_model(objects: ObjectTable, processes: ProcessTable) -> TrafficModel:
    model = TrafficModel(objects, processes)
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    assert tester.model() is model
    model.modelReset.connect(lambda: pytest.fail("a live model was reset"))
    return model


@pytest.fixture
def model(qtbot: QtBot, objects: ObjectTable, processes: ProcessTable, make: Any) -> TrafficModel:
    model = new_model(objects, processes)
    apply(
        model, objects,
        make.created(1, "Queue", "jobs", 10), make.created(2, "Lock", "catalogue"),
        make.created(3, "Queue", "results"),
    )  # fmt: skip
    return model


def test_objects_come_in_the_order_of_their_creation(model: TrafficModel) -> None:
    assert shown(model) == [1, 2, 3]
    assert [model.index(row, NAME).data() for row in range(3)] == ["jobs", "catalogue", "results"]
    assert model.index(0, PLACE).data() == "app.py:1"
    assert model.index(0, CREATOR).data() == "worker 2"


def test_a_batch_is_one_data_changed_over_what_differs(
    model: TrafficModel, objects: ObjectTable, make: Any
) -> None:
    apply(model, objects, make.state(1), make.state(2), make.state(3))
    told: list[tuple[int, int, int, int]] = []
    model.dataChanged.connect(
        lambda first, last, _roles: told.append(
            (first.row(), last.row(), first.column(), last.column())
        )
    )
    apply(model, objects, make.state(1, depth=2), make.state(2, depth=3))
    assert told == [(0, 1, DEPTH, DEPTH)]


def test_cells_say_it_in_words(model: TrafficModel, objects: ObjectTable, make: Any) -> None:
    apply(
        model,
        objects,
        make.state(1, puts=3, depth=7, waited=3.2),
        make.state(
            2, depth=None, holders=((3, "Thread-1"),), waiters=((1, "MainThread"), (4, "x"))
        ),
    )
    assert model.index(0, DEPTH).data() == "7 / 10"
    assert model.index(0, BLOCKED).data() == "3.2 s"
    assert model.index(0, INWARD).data() == "6.0"
    assert model.index(1, HOLDER).data() == "worker 3 (1003), Thread-1"
    assert model.index(1, WAITERS).data() == "2"
    tip = model.index(1, WAITERS).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "worker 1 (1001)\nworker 4 (1004), x"


def test_sorting_compares_values_and_keeps_equals_in_order(
    model: TrafficModel, objects: ObjectTable, make: Any
) -> None:
    apply(model, objects, make.state(1, depth=9), make.state(3, depth=100), make.created(4))
    apply(model, objects, make.state(4, depth=9))
    model.sort(DEPTH, ASCENDING)
    assert shown(model) == [1, 4, 3, 2], "9, 9, 100, none"
    model.sort(DEPTH, DESCENDING)
    assert shown(model) == [3, 1, 4, 2]
    apply(model, objects, make.state(4, depth=200))
    assert shown(model) == [4, 3, 1, 2], "sorted anew by what changed"
    model.sort(-1)
    assert shown(model) == [1, 2, 3, 4]


def test_indexes_follow_their_objects(model: TrafficModel, objects: ObjectTable, make: Any) -> None:
    kept = QPersistentModelIndex(model.index_of(2, NAME))
    model.sort(NAME, ASCENDING)
    apply(model, objects, make.created(4, "Queue", "a"), make.created(5, "Queue", "d"))
    assert shown(model) == [4, 2, 5, 1, 3]
    assert kept.row() == 1
    assert kept.data() == "catalogue"


def test_a_process_with_another_name_is_shown_under_it(
    model: TrafficModel, processes: ProcessTable
) -> None:
    model.sort(CREATOR, ASCENDING)
    processes.apply(ProcessChanged(2, 10**19, 1, "zebra", Role.WORKER, None, ()))
    model.people_changed()
    assert model.index(2, CREATOR).data() == "zebra"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.integers(1, 8), st.integers(0, 3), st.integers(-1, 9), st.booleans()),
        max_size=30,
    )
)
def test_it_always_shows_what_sorting_would(
    qtbot: QtBot, steps: list[tuple[int, int, int, bool]], make: Any, processes: ProcessTable
) -> None:
    objects = ObjectTable()
    model = new_model(objects, processes)
    for number, depth, column, descending in steps:
        apply(model, objects, make.created(number), make.state(number, depth=depth))
        model.sort(column, DESCENDING if descending else ASCENDING)
        rows = list(objects)
        rows.sort(key=lambda row: row.number)
        if column >= 0:
            value = model.columns[column].value
            known = [row for row in rows if value(row) is not None]
            known.sort(key=value, reverse=descending)  # type: ignore[arg-type]
            rows = known + [row for row in rows if value(row) is None]
        assert shown(model) == [row.number for row in rows]
