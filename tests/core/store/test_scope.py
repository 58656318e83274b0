"""What a scope lets one see: some runs, what lives, or all; without what was cleared."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.scope import Scope, ended, without
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import (
    ObjectCreated,
    ProcessChanged,
    ProcessExited,
    ProcessStarted,
    Role,
)

SUPERVISOR, HELPER = 1, 9


def started(number: int, run: int | None, parent: int | None, role: Role) -> ProcessStarted:
    return ProcessStarted(
        number, 100 + number, 1, number, parent, 1, run, f"p{number}", role, None, ()
    )


def over(number: int) -> ProcessExited:
    return ProcessExited(number, 100 + number, 50 + number, 0, None, "", (), ())


@pytest.fixture
def store() -> SessionStore:
    """The supervisor and a helper of nobody's; two runs, each a root (2, 5) with a child (3, 6)
    that has a child of its own (4, 7); a queue of each child's, and one of the supervisor's."""
    store = SessionStore()
    store.apply(
        [
            started(SUPERVISOR, None, None, Role.SUPERVISOR),
            started(HELPER, None, SUPERVISOR, Role.CHILD),
            started(2, 1, SUPERVISOR, Role.WORKER),
            started(3, 1, 2, Role.CHILD),
            started(4, 1, 3, Role.CHILD),
            started(5, 2, SUPERVISOR, Role.WORKER),
            started(6, 2, 5, Role.CHILD),
            started(7, 2, 6, Role.CHILD),
            *(
                ObjectCreated(number, maker, 20, "Queue", f"q{number}", "", None)
                for number, maker in ((1, 3), (2, 6), (3, SUPERVISOR))
            ),
        ]
    )
    return store


def seen(store: SessionStore) -> tuple[set[int], set[int]]:
    """The processes and the objects that are shown."""
    return (
        {row.number for row in store.shown_processes()},
        {row.number for row in store.shown_objects()},
    )


def end(store: SessionStore, numbers: Iterable[int]) -> None:
    store.apply([over(number) for number in numbers])


def test_everything_is_seen_at_first(store: SessionStore) -> None:
    assert seen(store) == ({1, 2, 3, 4, 5, 6, 7, 9}, {1, 2, 3})
    assert not store.sight.is_limited


def test_a_run_is_seen_with_what_belongs_to_none(store: SessionStore) -> None:
    store.show(Scope(frozenset({2})))
    assert seen(store) == ({1, 5, 6, 7, 9}, {2, 3})
    assert store.sight.is_limited
    store.show(Scope(frozenset()))
    assert seen(store) == ({1, 9}, {3})
    store.show(Scope())
    assert seen(store)[0] == {1, 2, 3, 4, 5, 6, 7, 9}
    assert len(store.processes) == 8, "nothing is gone meanwhile"


def test_a_run_lives_as_long_as_anything_of_it_does(store: SessionStore) -> None:
    told: list[StoreChange] = []
    store.show(Scope(living=True))
    store.subscribe(told.append)
    end(store, (2, 3))
    assert seen(store) == ({1, 2, 3, 4, 5, 6, 7, 9}, {1, 2, 3}), "its grandchild lives"
    assert not any(change.scoped for change in told)
    end(store, (4,))
    assert seen(store) == ({1, 5, 6, 7, 9}, {2, 3})
    assert told[-1].scoped, "who shows it hears that it went"
    store.show(Scope(frozenset({1}), living=True))
    assert seen(store) == ({1, 9}, {3})
    assert [(run.number, run.process, run.living) for run in store.runs()] == [(1, 2, 0), (2, 5, 3)]


def test_what_has_ended_is_cleared_unless_something_below_it_lives(store: SessionStore) -> None:
    assert ended(store.processes) == frozenset()
    assert store.clear_ended() == 0
    assert not store.has_cleared
    end(store, (2, 3, 6, 7))
    assert ended(store.processes) == {6, 7}, "4 lives below 2 and 3"
    assert store.has_ended
    assert store.clear_ended() == 2
    assert seen(store) == ({1, 2, 3, 4, 5, 9}, {1, 2, 3}), "what it made goes with its run"
    end(store, (4, 5))
    assert store.clear_ended() == 4
    assert seen(store) == ({1, 9}, {3})
    assert store.clear_ended() == 0
    assert not store.has_ended


def test_what_was_cleared_comes_back_step_by_step(store: SessionStore) -> None:
    end(store, (7,))
    store.clear_ended()
    end(store, (6,))
    store.clear_ended()
    assert seen(store)[0] == {1, 2, 3, 4, 5, 9}
    store.show(Scope(frozenset({2}), False, store.scope.without))
    store.restore_cleared()
    assert seen(store)[0] == {1, 5, 6, 9}, "the runs stay as they were chosen meanwhile"
    store.restore_cleared()
    assert seen(store)[0] == {1, 5, 6, 7, 9}
    assert not store.has_cleared
    store.restore_cleared()
    assert seen(store)[0] == {1, 5, 6, 7, 9}


def test_what_a_scope_hides_is_not_cleared(store: SessionStore) -> None:
    end(store, (3, 4, 6, 7))
    store.show(Scope(frozenset({2})))
    assert store.clear_ended() == 2
    store.show(Scope(None, False, store.scope.without))
    assert seen(store)[0] == {1, 2, 3, 4, 5, 9}


def test_a_scope_with_more_cleared() -> None:
    scope = Scope(frozenset({1}), True, frozenset({5}))
    assert without(scope, (6, 7)) == Scope(frozenset({1}), True, frozenset({5, 6, 7}))
    assert scope.without == {5}


def test_a_run_counts_the_same_by_any_start_method(store: SessionStore) -> None:
    store.apply([started(10, 1, 2, Role.FORKSERVER), started(11, 1, 2, Role.CHILD)])
    assert store.runs()[0].living == 4
    changed = ProcessChanged(11, 99, 1, "resource tracker", Role.RESOURCE_TRACKER, None, ())
    store.apply([changed])
    assert store.runs()[0].living == 3
    end(store, (2, 3, 4))
    store.show(Scope(living=True))
    assert 10 in seen(store)[0]  # it lives, so its run is not hidden
