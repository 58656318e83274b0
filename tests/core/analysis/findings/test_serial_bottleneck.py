"""What holds up the rest: states that are written down, and when there is no hint."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from written_causes import causes
from written_store import SECOND, WrittenStore

from spawnscope.core.analysis.findings.cause import Cause
from spawnscope.core.analysis.findings.kinds import FindCauses, find_all
from spawnscope.core.analysis.findings.view import View
from spawnscope.core.vocabulary.events import OperationCount
from spawnscope.core.vocabulary.findings import Severity

MAIN, ONE, TWO, THREE, FOUR = 1, 2, 3, 4, 5
JOBS, RESULTS = 1, 2


def people(count: int = 4) -> WrittenStore:
    store = WrittenStore()
    store.process(MAIN, "main.py")
    for number in range(2, 2 + count):
        store.process(number, f"worker-{number - 1}", parent=MAIN)
    return store


def goes_on(
    store: WrittenStore, number: int, waits: Mapping[int, tuple[str, float]], rate: int = 50
) -> None:
    """For twenty seconds: which share of each the processes wait in their operation."""
    for second in range(40, 61):
        by = {
            process: [
                OperationCount(
                    operation, rate * second, second, int(share * second * SECOND), 0, 0, 0
                )
            ]
            for process, (operation, share) in waits.items()
        }
        store.counted(number, by, depth=0, time_ns=second * SECOND)


def lock(share: float, users: int = 4, rate: int = 50) -> WrittenStore:
    store = people()
    store.object(JOBS, "Lock", "results")
    goes_on(store, JOBS, dict.fromkeys(range(2, 2 + users), ("acquire", share)), rate)
    return store


def pipeline(full: float = 0.9, waits: float = 0.02, empty: float = 0.8) -> WrittenStore:
    store = people(3)
    store.object(JOBS, "Queue", "jobs", capacity=8)
    store.object(RESULTS, "Queue", "results", capacity=8)
    goes_on(store, JOBS, {ONE: ("put", full), TWO: ("get", waits)})
    goes_on(store, RESULTS, {TWO: ("put", 0.0), THREE: ("get", empty)})
    return store


def test_a_lock_that_all_want_all_the_time() -> None:
    (cause,) = causes(lock(0.74))
    assert (cause.code, cause.weight) == ("serial-bottleneck", Severity.HINT)
    assert cause.processes == (ONE, TWO, THREE, FOUR)
    words = cause.words()
    assert words.title == "lock results holds up 4 processes"
    assert "waited for it for 74 % of the time" in words.explanation
    assert "200 times a second" in words.explanation
    assert "as 1.0 of them would alone" in words.explanation
    assert "up to 3.8 x as fast" in words.explanation


def test_it_stands_until_it_clearly_does_no_more() -> None:
    less = lock(0.4)
    assert causes(less) == []
    assert [each.code for each in causes(less, {"serial-bottleneck:1"})] == ["serial-bottleneck"]
    assert causes(lock(0.15), {"serial-bottleneck:1"}) == []


def test_a_stage_of_a_pipeline_that_holds_up_the_others() -> None:
    (cause,) = causes(pipeline())
    assert (cause.code, cause.processes) == ("serial-bottleneck", (TWO,))
    words = cause.words()
    assert words.title == "worker-2 holds up all that comes before and after it"
    assert "worker-1 (12) waited for room in jobs for 90 % of that time" in words.explanation
    assert "worker-3 (14) for an item from results for 80 %" in words.explanation
    assert "up to 5.0 x as fast" in words.explanation


def test_a_stage_that_lets_others_do_its_work_is_not_what_holds_up_the_rest() -> None:
    store = pipeline()
    store.object(3, "Pool", "developers")
    store.counted(3, {TWO: [OperationCount("submit", 100, 0, 0, 0, 0, 0)]})
    assert causes(store) == []


@pytest.mark.parametrize(
    "store",
    [
        lock(0.3),
        lock(0.49, users=2),
        lock(0.74, rate=0),
        pipeline(full=0.3),
        pipeline(waits=0.3),
        pipeline(empty=0.3),
    ],
    ids=["some wait", "two in turn", "nobody gets it", "not full", "it waits too", "not empty"],
)
def test_nothing_holds_up_the_rest(store: WrittenStore) -> None:
    assert causes(store) == []


@pytest.mark.parametrize("store", [lock(0.74), pipeline()], ids=["lock", "stage"])
def test_it_is_found_afterwards_as_well(store: WrittenStore) -> None:
    before = causes(store)
    store.objects.come_to_rest()
    broken: dict[FindCauses, str] = {}
    found: list[Cause] = find_all(View(store, over=True), broken)  # type: ignore[arg-type]
    assert not broken
    assert [(each.key, each.code) for each in found] == [(each.key, each.code) for each in before]
