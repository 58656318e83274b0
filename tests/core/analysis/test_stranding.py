"""What would be missed if a process were ended by force, in states that are written down."""

from __future__ import annotations

from msgspec.structs import replace
from written_store import SECOND, WrittenStore, times

from spawnscope.core.analysis.stranding import strands
from spawnscope.core.vocabulary.events import Doing, ObjectState, ProcessDoing, Role


def test_a_lock_that_others_wait_for() -> None:
    store = _family()
    store.object(1, "Lock", "results")
    waiters = tuple((number, "MainThread") for number in (3, 4))
    store.objects.apply(ObjectState(1, SECOND, (), None, ((2, "MainThread"),), waiters))
    (said,) = strands(store, [2])
    assert said.startswith("p2 (12) holds lock results, and p3 (13) and p4 (14) wait for it: ")
    assert strands(store, [3]) == []  # who waits is missed by nobody
    assert strands(store, [2, 3, 4]) == []  # all who need it end along


def test_a_lock_that_others_only_use() -> None:
    store = _family()
    store.object(1, "Lock", "results")
    store.held(1, by=2)
    assert strands(store, [2]) == []  # its own
    store.used(1, {2: [times("acquire", 3)], 3: [times("acquire", 1)]})
    (said,) = strands(store, [2])
    assert "results, which p3 (13) uses too" in said
    store.end(3)
    assert strands(store, [2]) == []


def test_a_semaphore_of_several_is_missed_only_by_who_waits() -> None:
    store = _family()
    store.object(1, "Semaphore", "seats")
    store.held(1, by=2)
    store.used(1, {2: [times("acquire", 3)], 3: [times("acquire", 1)]})
    assert strands(store, [2]) == []


def test_inside_of_a_queue() -> None:
    store = _family()
    store.object(1, "Queue", "jobs")
    store.used(1, {2: [times("get", 3)], 3: [times("get", 1)], 1: [times("put", 4)]})
    store.doing(2, "get", 1)
    assert strands(store, [2]) == []  # it waits for the lock itself
    _inside(store, 2, "get")
    (said,) = strands(store, [2])
    assert said.startswith("p2 (12) is inside jobs, with the lock that p3 (13) needs for it")
    assert strands(store, [2, 3]) == []  # who puts needs another lock


def test_a_task_in_hand() -> None:
    store = _family()
    store.object(1, "Pool", "pool")
    for number in (5, 6):
        store.process(number, role=Role.POOL_WORKER, parent=1)
    store.doing(5, "task", 1, "crunch", 4)
    store.doing(6, "idle", 1)
    assert strands(store, [6]) == []
    assert strands(store, [5]) == [
        "p5 (15) has task 4 (crunch) of pool in hand: p1 (11) would never get its result."
    ]
    assert strands(store, [1, 5]) == []  # nobody waits for it any more
    _inside(store, 6, "idle")
    (said,) = strands(store, [6])
    assert "inside pool, with the lock that p5 (15) needs" in said


def test_a_task_of_an_executor() -> None:
    store = _family()
    store.object(1, "ProcessPoolExecutor", "workers")
    store.process(5, role=Role.EXECUTOR_WORKER, parent=1)
    store.doing(5, "task", 1, "crunch", 4)
    (said,) = strands(store, [5])
    assert "would be broken" in said


def test_nothing_of_the_dead_and_of_the_unknown() -> None:
    store = _family()
    store.end(2)
    assert strands(store, [2, 99]) == []


def _family() -> WrittenStore:
    store = WrittenStore()
    for number in (1, 2, 3, 4):
        store.process(number, parent=None if number == 1 else 1)
    return store


def _inside(store: WrittenStore, process: int, operation: str) -> None:
    doing = Doing("MainThread", operation, 1, SECOND, "", "")
    store.processes.apply(ProcessDoing(process, (replace(doing, inside=True),)))
