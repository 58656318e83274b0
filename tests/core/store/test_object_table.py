"""Shared objects: what is known of them, and how much goes in and out."""

from __future__ import annotations

import pytest

from spawnscope.core.store.objects import ALL_OBJECT_FIELDS, ObjectTable
from spawnscope.core.vocabulary.events import (
    Doing,
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessDoing,
    ProcessExited,
    ProcessStarted,
    Role,
)

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
    assert change.fields == {"counts", "depth", "inward"}, "no wait is longer than before"
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
    table.tick(BEGAN + 22 * SECOND)
    assert table.tick(BEGAN + 23 * SECOND) == [], "at rest"


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


def stuck(seconds: float, waiters: int = 2) -> ObjectState:
    """A lock that some wait for, with no wait that is over."""
    pairs = tuple((process, "MainThread") for process in range(3, 3 + waiters))
    return ObjectState(1, BEGAN + int(seconds * SECOND), (), None, ((2, ""),), pairs)


def test_a_wait_that_goes_on_counts() -> None:
    table = ObjectTable()
    table.apply(created(1, "Lock"))
    since = BEGAN + 4 * SECOND
    for process in (3, 4):
        doing = (
            Doing("MainThread", "run", None, BEGAN, "", ""),
            Doing("MainThread", "acquire", 1, since, "", ""),
        )
        table.apply(ProcessDoing(process, doing))
    change = table.apply(stuck(5))
    assert change is not None
    assert "put_wait_ns" in change.fields
    assert table[1].put_wait_ns == 2 * SECOND, "two threads, one second each"
    (change,) = table.tick(BEGAN + 8 * SECOND)
    assert change.fields == {"put_wait_ns", "lost_ns"}
    assert table[1].put_wait_ns == 8 * SECOND
    assert table[1].get_wait_ns == 0
    table.tick(BEGAN + 100 * SECOND)
    assert table[1].put_wait_ns == 192 * SECOND
    assert table[1].lost_ns == 20 * SECOND, "in the last ten seconds"


def test_a_wait_that_is_over_is_not_counted_twice() -> None:
    table = ObjectTable()
    table.apply(created(1, "Lock"))
    table.apply(stuck(5, waiters=1))
    table.tick(BEGAN + 15 * SECOND)
    assert table[1].put_wait_ns == 10 * SECOND, "since it was first seen"
    counts = (OperationCount("acquire", 1, 1, 10 * SECOND + 7, 0, 0, 0),)
    table.apply(ObjectState(1, BEGAN + 15 * SECOND, counts, None, (), ()))
    assert table[1].put_wait_ns == 10 * SECOND + 7
    table.tick(BEGAN + 30 * SECOND)
    assert table[1].lost_ns == 0


def lives(process: int, worker: int) -> ProcessStarted:
    return ProcessStarted(
        process, 1000 + process, 1, BEGAN, 1, 1, worker, "w", Role.WORKER, None, ()
    )


def acquires(seconds: float) -> tuple[Doing, ...]:
    """What a thread is in that waits for object 1."""
    return (Doing("MainThread", "acquire", 1, BEGAN + int(seconds * SECOND), "a.py:3", ""),)


def ends(process: int, seconds: float, doing: tuple[Doing, ...] = ()) -> ProcessExited:
    time_ns = BEGAN + int(seconds * SECOND)
    return ProcessExited(process, 1000 + process, time_ns, 0, None, "Ended.", doing, ())


@pytest.mark.parametrize("state_first", [False, True])
def test_a_wait_that_an_end_cuts_off_counts_for_ever(state_first: bool) -> None:
    table = ObjectTable()
    table.apply(created(1, "Lock"))
    table.apply(ProcessDoing(3, acquires(4)))
    table.apply(ProcessDoing(4, acquires(4)))
    table.apply(stuck(5))
    table.tick(BEGAN + 10 * SECOND)
    assert table[1].put_wait_ns == 12 * SECOND
    end = ends(3, 10, acquires(4))
    other = ObjectState(1, BEGAN + int(10.1 * SECOND), (), None, (), ((4, "MainThread"),))
    for event in (other, end) if state_first else (end, other):
        table.apply(event)
    table.tick(BEGAN + 20 * SECOND)
    assert table[1].put_wait_ns == 22 * SECOND, "6 s of the one, 16 s of the other"
    table.apply(ends(4, 20, acquires(4)))
    table.apply(ends(4, 20, acquires(4)))
    table.apply(stuck(20.1, waiters=0))
    table.tick(BEGAN + 40 * SECOND)
    assert (table[1].put_wait_ns, table[1].waited_ns) == (22 * SECOND, 22 * SECOND)
    assert table[1].counts == (OperationCount("acquire", 0, 2, 22 * SECOND, 0, 0, 0),)


def test_once_a_run_is_over_its_objects_have_lost_all_they_ever_lost() -> None:
    table = ObjectTable()
    for event in (lives(2, 1), lives(3, 1), lives(9, 2)):
        table.apply(event)
    table.apply(created(1))  # by process 2
    table.apply(state(1, 4, 4))
    table.apply(ends(2, 30))
    table.tick(BEGAN + 60 * SECOND)
    assert not table.rests(1), "its child lives"
    assert (table[1].lost_ns, table[1].inward) == (0, 0)
    table.apply(ends(3, 60))
    (change,) = table.tick(BEGAN + 61 * SECOND)
    assert change.fields == {"lost_ns"}
    assert table.rests(1), "another run goes on"
    assert table[1].lost_ns == 7000
    assert table.tick(BEGAN + 62 * SECOND) == []


def test_who_waits_at_an_empty_queue_waits_to_get() -> None:
    table = ObjectTable()
    table.apply(created())
    waiter = ((3, "MainThread"),)
    table.apply(ObjectState(1, BEGAN, (), 0, (), waiter))
    table.tick(BEGAN + 3 * SECOND)
    assert (table[1].put_wait_ns, table[1].get_wait_ns) == (0, 3 * SECOND)


def test_waits_have_two_sides() -> None:
    table = ObjectTable()
    table.apply(created())
    table.apply(state(1, 4, 4))
    assert (table[1].put_wait_ns, table[1].get_wait_ns) == (5000, 2000)
    assert table.recent_waits(1, BEGAN + 30 * SECOND) == (5000, 2000, 30 * SECOND)
    assert table.recent_waits(1, BEGAN + 90 * SECOND) == (0, 0, 60 * SECOND), "a minute later"


def test_the_last_minute_is_kept_a_sample_a_second() -> None:
    table = ObjectTable()
    table.apply(created())
    for second in range(100):
        for part in (0.2, 0.7):
            table.apply(state(second + part, second * 10, second * 3, depth=second % 7))
    history = table.history(1)
    now = BEGAN + int(99.9 * SECOND)
    assert history.depths(now) == tuple(float(second % 7) for second in range(40, 100))
    assert history.rates(now, False) == (10.0,) * 60
    assert history.rates(now, True) == (3.0,) * 60
    assert len(history._samples) <= 63 * 9
    later = now + 10 * SECOND
    assert history.depths(later)[-10:] == (1.0,) * 10, "nothing changed"
    assert history.rates(later, False)[-9:] == (0.0,) * 9


def test_a_young_object_has_a_short_history() -> None:
    table = ObjectTable()
    table.apply(created())
    assert table.history(1).depths(BEGAN + SECOND) == ()
    table.apply(state(2.5, 8, 0, depth=8))
    assert table.history(1).depths(BEGAN + 4 * SECOND) == (8.0, 8.0, 8.0)
    assert table.history(1).rates(BEGAN + 4 * SECOND, False) == (0.0, 8.0, 0.0)
    assert table.history(99).depths(BEGAN) == ()


def test_a_session_that_is_over_has_lost_all_it_ever_lost() -> None:
    table = ObjectTable()
    table.apply(created())
    table.apply(state(1, 4, 4))
    table.tick(BEGAN + 60 * SECOND)
    assert table[1].lost_ns == 0
    (change,) = table.come_to_rest()
    assert "lost_ns" in change.fields
    assert table[1].lost_ns == 7000
    assert table[1].inward == 0


def test_a_moment_of_the_past_has_rates() -> None:
    table = ObjectTable()
    table.load([created(1), created(2)], [state(9, 8, 4, depth=4)], [state(6, 2, 4)])
    assert table[1].depth == 4
    assert (table[1].inward, table[1].outward) == (3, 0)
    assert table[2].inward is None
    assert table[1].lost_ns == 7000


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
