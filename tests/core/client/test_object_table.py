"""Shared objects: what is known of them, and how much goes in and out."""

from __future__ import annotations

import pytest

from spawnscope.core.client.object_table import ALL_OBJECT_FIELDS, ObjectTable
from spawnscope.core.vocabulary.events import ObjectCreated, ObjectState, OperationCount

SECOND = 1_000_000_000
BEGAN = 1_700_000_000 * SECOND


def created(number: int = 1, type_name: str = "Queue", name: str = "jobs") -> ObjectCreated:
    return ObjectCreated(number, 2, BEGAN, type_name, name, "/shop/app.py:3", 10)


def state(seconds: float, puts: int, gets: int, number: int = 1, depth: int = 0) -> ObjectState:
    counts = (
        OperationCount("put", puts, 1, 5000, 10, 0, 0),
        OperationCount("get", gets, 0, 2000, 10, 1, 0),
    )
    return ObjectState(number, BEGAN + int(seconds * SECOND), counts, depth, (), ())


def test_a_new_object_is_told_with_all_its_fields() -> None:
    table = ObjectTable()
    change = table.apply(created())
    assert change is not None
    assert change.fields == ALL_OBJECT_FIELDS
    assert table.apply(created()) is None, "only once"
    assert table[1].label == "jobs"
    assert table[1].inward is None


def test_a_state_tells_only_what_differs() -> None:
    table = ObjectTable()
    table.apply(created())
    table.apply(state(10, 0, 0))
    change = table.apply(state(10.5, 4, 0, depth=4))
    assert change is not None
    assert change.fields == {"counts", "depth", "inward"}
    assert table.apply(state(10.5, 4, 0, depth=4)) is None
    assert table.apply(state(9, 1, 0)) is None, "an older one"
    assert table[1].depth == 4
    assert table[1].waited_ns == 7000


def test_rates_are_those_of_the_last_two_seconds() -> None:
    table = ObjectTable()
    table.apply(created())
    for tenth in range(100, 141):
        table.apply(state(tenth / 10, tenth * 5, tenth * 2))
    assert table[1].inward == pytest.approx(50)
    assert table[1].outward == pytest.approx(20)


def test_a_burst_after_a_silence_is_not_spread_over_it() -> None:
    table = ObjectTable()
    table.apply(created())
    table.apply(state(1, 10, 10))
    table.apply(state(61, 20, 10))
    assert table[1].inward == pytest.approx(5)
    assert table[1].outward == 0


def test_rates_fall_while_nothing_comes() -> None:
    table = ObjectTable()
    table.apply(created())
    table.apply(state(10, 0, 0))
    table.apply(state(11, 100, 0))
    changes = table.tick(BEGAN + 12 * SECOND)
    assert changes == [], "as many in the last two seconds"
    (change,) = table.tick(BEGAN + 14 * SECOND)
    assert change.fields == {"inward"}
    assert table[1].inward == 0
    assert table.tick(BEGAN + 15 * SECOND) == []


def test_a_state_before_its_object_waits_for_it() -> None:
    table = ObjectTable()
    assert table.apply(state(2, 8, 0, depth=8)) is None
    assert table.phrase(1) == "object 1"
    table.apply(created())
    assert table[1].depth == 8
    assert table.phrase(1) == "jobs"


def test_a_past_session_has_no_rates() -> None:
    table = ObjectTable()
    table.load([created(1), created(2, "Lock", "")], [state(1, 8, 4), state(1, 8, 4, number=9)])
    assert [row.number for row in table] == [1, 2]
    assert table[1].inward is None
    assert table[1].counts
    assert table.tick(BEGAN + 9 * SECOND) == []


@pytest.mark.parametrize(
    ("type_name", "name", "phrase"),
    [
        ("Queue", "jobs", "jobs"),
        ("Lock", "results", "lock results"),
        ("RLock", "results", "RLock results"),
        ("Lock", "", "Lock 1"),
    ],
)
def test_objects_have_names_within_sentences(type_name: str, name: str, phrase: str) -> None:
    table = ObjectTable()
    table.apply(created(1, type_name, name))
    assert table.phrase(1) == phrase
