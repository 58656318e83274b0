"""The model of the shared objects: deltas only, sorted in a stable way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import Event, ObjectCreated, ProcessChanged, Role
from spawnscope.gui.panels.traffic.columns import (
    CREATOR,
    DEPTH,
    HOLDER,
    INWARD,
    NAME,
    PLACE,
    PUT_WAIT,
    WAITERS,
    GroupRow,
)
from spawnscope.gui.panels.traffic.model import TrafficModel

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


def apply(model: TrafficModel, objects: ObjectTable, *events: Event) -> None:
    changed: dict[int, set[str]] = {}
    for event in events:
        change = objects.apply(event)
        if change is not None:
            changed.setdefault(change.object, set()).update(change.fields)
    model.sync(changed)


def shown(model: TrafficModel) -> list[object]:
    """Numbers of objects and types of headings, from top to bottom."""
    rows = [model.row_at(place) for place in range(model.rowCount())]
    return [row.type if isinstance(row, GroupRow) else row and row.number for row in rows]


def new_model(store: SessionStore) -> TrafficModel:
    model = TrafficModel(store)
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    assert tester.model() is model
    model.modelReset.connect(lambda: pytest.fail("a live model was reset"))
    return model


@pytest.fixture
def model(qtbot: QtBot, store: SessionStore, make: Any) -> TrafficModel:
    model = new_model(store)
    apply(
        model, store.objects,
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
    assert model.index(0, PUT_WAIT).data() == "3.2 s"
    assert model.index(0, INWARD).data() == "6.0"
    assert model.index(1, HOLDER).data() == "worker 3, Thread-1"
    assert model.index(1, WAITERS).data() == "worker 1  +1"
    tip = model.index(1, WAITERS).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines()[:2] == ["worker 1 (1001)", "worker 4 (1004), x"]


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


def test_objects_are_grouped_by_type_and_groups_have_sums(
    model: TrafficModel, objects: ObjectTable, make: Any
) -> None:
    model.set_grouped(True)
    assert shown(model) == ["Queue", 1, 3, "Lock", 2]
    assert model.index(0, NAME).data() == "Queue  (2)"
    apply(model, objects, make.state(1, puts=3, waited=1), make.state(3, puts=5, waited=2))
    assert model.index(0, PUT_WAIT).data() == "3.0 s"
    inward = [model.row_at(place).inward for place in (0, 1, 2)]  # type: ignore[union-attr]
    assert inward[0] == pytest.approx(inward[1] + inward[2])
    assert model.index(0, DEPTH).data() == "", "to add depths says nothing"
    model.sort(PUT_WAIT, DESCENDING)
    assert shown(model) == ["Queue", 3, 1, "Lock", 2], "sorted within groups"
    apply(model, objects, make.created(4, "Pipe"), make.created(5, "Lock"))
    assert shown(model) == ["Queue", 3, 1, "Pipe", 4, "Lock", 2, 5]
    assert model.index(5, NAME).data() == "Lock  (2)"
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsSelectable


def test_what_is_folded_goes_and_comes_back_up_to_date(
    model: TrafficModel, objects: ObjectTable, make: Any
) -> None:
    model.set_grouped(True)
    model.fold("Queue", True)
    assert shown(model) == ["Queue", "Lock", 2]
    assert not model.index_of(1).isValid()
    apply(model, objects, make.state(1, depth=7, waited=1), make.created(6, "Queue"))
    assert shown(model) == ["Queue", "Lock", 2]
    assert model.index(0, PUT_WAIT).data() == "1.0 s"
    assert model.index(0, NAME).data() == "Queue  (3)"
    model.fold("Queue", False)
    assert shown(model) == ["Queue", 1, 3, 6, "Lock", 2]
    assert model.index(1, DEPTH).data() == "7 / 10"
    model.set_grouped(False)
    assert shown(model) == [1, 2, 3, 6]


def test_another_moment_has_other_objects(model: TrafficModel) -> None:
    kept = QPersistentModelIndex(model.index_of(2, NAME))
    gone = QPersistentModelIndex(model.index_of(3, NAME))
    past = SessionStore(ProcessTable())
    past.objects.load([ObjectCreated(2, 1, 5, "Lock", "catalogue", "", None)], [])
    model.show(past)
    assert shown(model) == [2]
    assert kept.row() == 0
    assert not gone.isValid()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(
            st.integers(1, 8),
            st.integers(0, 3),
            st.integers(-1, 9),
            st.booleans(),
            st.booleans(),
            st.sampled_from(("", "Queue", "Lock")),
        ),
        max_size=30,
    )
)
def test_it_always_shows_what_sorting_and_grouping_would(
    qtbot: QtBot,
    steps: list[tuple[int, int, int, bool, bool, str]],
    make: Any,
    start_workers: Callable[..., None],
) -> None:
    store = SessionStore()
    start_workers(store.processes, 4, "worker {}")
    objects, model = store.objects, new_model(store)
    for number, depth, column, descending, grouped, folded in steps:
        kind = "Queue" if number % 3 else "Lock"
        apply(model, objects, make.created(number, kind), make.state(number, depth=depth))
        model.set_grouped(grouped)
        model.set_folded({folded})
        model.sort(column, DESCENDING if descending else ASCENDING)
        rows = sorted(objects, key=lambda row: row.number)
        if column >= 0:
            value = model.columns[column].value
            known = [row for row in rows if value(row) is not None]
            known.sort(key=value, reverse=descending)  # type: ignore[arg-type]
            rows = known + [row for row in rows if value(row) is None]
        expected: list[object] = [row.number for row in rows]
        if grouped:
            expected = []
            for name in ("Queue", "Lock"):
                members = [row.number for row in rows if row.type == name]
                expected += [name] * bool(members) + members * (name != folded)
        assert shown(model) == expected
        for place, row in enumerate(model._rows):
            if isinstance(row, GroupRow):
                assert row.count == sum(1 for each in objects if each.type == row.type)
            else:
                assert row.depth == objects[row.number].depth
                assert model.index_of(row.number).row() == place
