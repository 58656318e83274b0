"""Hints where the time goes: states that are written down, and when there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from msgspec.structs import replace
from written_causes import causes
from written_store import SECOND, WrittenStore, times

from spawnscope.core.analysis.findings import oversubscribed as module
from spawnscope.core.analysis.findings.processors import Processors
from spawnscope.core.vocabulary.events import Role, Sample
from spawnscope.core.vocabulary.findings import Severity
from spawnscope.core.vocabulary.operation import Operation

MAIN, ONE, TWO = 1, 2, 3


def pool(done: int = 40, other: str = "idle", waited_for: bool = True) -> WrittenStore:
    """The first worker is in its task since the first second, of sixty."""
    store = WrittenStore()
    store.process(MAIN, "main.py")
    store.object(1, "Pool", "pool")
    for worker in (ONE, TWO):
        store.process(worker, f"worker-{worker}", Role.POOL_WORKER, MAIN)
    store.doing(ONE, "task", 1, "render", 7)
    store.doing(TWO, other, 1, "render" if other == "task" else "", 8 if other == "task" else 0)
    if waited_for:
        store.doing(MAIN, "wait", 1)
    idle = times("idle", 1)
    store.used(
        1,
        {
            MAIN: [times("submit", 1)],
            ONE: [times("task", 40), idle],
            TWO: [times("task", done), idle],
        },
    )
    return store


def test_all_wait_for_one_task() -> None:
    (cause,) = causes(pool())
    assert (cause.code, cause.weight, cause.processes) == ("straggler", Severity.HINT, (ONE,))
    words = cause.words()
    assert words.title == "All wait for task 7 (render) of pool, in worker-2"
    assert "for 59.0 s; the others took 1.5 s each at most" in words.explanation
    assert "1 worker has nothing to do meanwhile." in words.explanation
    assert "1/2 of the time" in words.explanation


@pytest.mark.parametrize(
    "store",
    [pool(done=19), pool(other="task"), pool(waited_for=False)],
    ids=["too few to compare", "others work, too", "nobody waits"],
)
def test_no_straggler(store: WrittenStore) -> None:
    assert causes(store) == []


def computing(shares: Sequence[float], samples: int = 5, status: str = "running") -> WrittenStore:
    store = WrittenStore()
    store.process(MAIN, "main.py")
    for number, share in enumerate(shares, 2):
        store.process(number, parent=MAIN)
        for second in range(1, samples + 1):
            told = Sample(number, 10 + number, second * SECOND, share, 0, 1, 3, status)
            store.processes.apply(told)
    return store


def test_more_compute_than_there_are_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[int]] = []

    def two(pids: Iterable[int]) -> Processors:
        asked.append(list(pids))
        return Processors(2, False)

    monkeypatch.setattr(module, "processors", two)
    (cause,) = causes(computing([33.0] * 6))
    assert (cause.code, cause.weight) == ("oversubscribed", Severity.HINT)
    assert len(cause.processes) == 6
    assert asked == [[12, 13, 14, 15, 16, 17]], "what these may use, not what we may"
    words = cause.words()
    assert words.title == "6 processes compute on 2 processors"
    assert "Each gets 33 % of one" in words.explanation
    assert "For 4.0 s, 6 processes" in words.explanation
    assert causes(computing([6.0] * 6)) != []  # others compute, too
    assert causes(computing([2.0] * 6)) == []  # it is others who compute
    assert causes(computing([50.0] * 4)) == []  # twice as many is usual
    assert causes(computing([33.0] * 6, status="sleeping")) == []  # they wait for something else
    assert causes(computing([33.0] * 6, samples=4)) == []  # not for long
    now_and_then = computing([33.0] * 6)
    for number in (2, 3):
        told = Sample(number, 10 + number, 4 * SECOND + 1, 33.0, 0, 1, 3, "sleeping")
        now_and_then.processes.apply(replace(told, time_ns=5 * SECOND + 1))
    assert causes(now_and_then) == []  # four of them compute
    monkeypatch.setattr(module, "processors", lambda pids: Processors(1.5, True))
    (cause,) = causes(computing([30.0] * 5))
    words = cause.words()
    assert words.title == "5 processes compute on 1.5 processors"
    assert "quota" in words.advice
    assert "as that, 1." in words.advice


def piled(
    size: int, taken: int = 10, expected: int = 0, wave: int = 0, kind: str = "Pool"
) -> WrittenStore:
    """60 results of `size` bytes come in each second, and so many are `taken`."""
    store = WrittenStore()
    store.process(MAIN, "main.py", Role.WORKER)
    store.watched(MAIN, rss_bytes=80_000_000)
    store.object(1, kind, "pool")
    for second in range(45, 61):
        came = 60 * (second - 44)
        gone = taken * (second - 44) + (wave if second % 4 == 0 else 0)
        results = replace(times("result", came), bytes=came * size)
        counts = [results, times("arrived", came), times("taken", gone), times("submit", 1)]
        if expected:
            counts.append(times("expected", expected))
        store.counted(1, {MAIN: counts}, time_ns=second * SECOND)
    store.records.append(
        Operation(
            MAIN, 1, "submit", "MainThread", 0, 1, 0, None, None, "ok", "/a/b.py:7", "draw", 1
        )
    )
    return store


def test_results_pile_up() -> None:
    (cause,) = causes(piled(3_000))
    assert (cause.code, cause.weight, cause.processes) == (
        "results-pile-up",
        Severity.HINT,
        (MAIN,),
    )
    words = cause.words()
    assert words.title == "Results of pool pile up in main.py"
    assert "800 results of draw (b.py:7) have come in" in words.explanation
    assert "50 more each second for the last 8.0 s" in words.explanation
    assert "At 3.0 KB a result" in words.explanation
    assert "about 2 MB in the memory of main.py, which uses 80 MB" in words.explanation
    assert "So it is 1 GB in 1 h 50 min" in words.explanation


def test_results_that_will_fill_the_memory_are_a_warning() -> None:
    (cause,) = causes(piled(700_000))
    assert cause.weight is Severity.WARNING
    (cause,) = causes(piled(700_000, expected=1_000))  # no more than that come
    assert cause.weight is Severity.HINT
    words = cause.words()
    assert "40 more are to come." in words.explanation
    assert "1 GB" not in words.explanation


@pytest.mark.parametrize(
    "store",
    [piled(3_000, taken=50), piled(3_000, taken=60), piled(3_000, wave=300),
     piled(3_000, kind="Queue")],
    ids=["few", "none", "taken in bursts", "no pool"],
)  # fmt: skip
def test_no_results_pile_up(store: WrittenStore) -> None:
    assert causes(store) == []
