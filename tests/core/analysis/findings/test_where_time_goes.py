"""Hints where the time goes: states that are written down, and when there is none."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from written_causes import causes
from written_store import SECOND, WrittenStore, times

from spawnscope.core.analysis.findings import oversubscribed as module
from spawnscope.core.analysis.findings.processors import Processors, processors, quota
from spawnscope.core.vocabulary.events import OperationCount, Role, Sample
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


def errands(
    work_us: int, told: str, came: int = 100, tasks: int = 50_000, seconds: int = 20
) -> WrittenStore:
    """Two workers have done so many tasks of so many microseconds each; what was told of each."""
    store = WrittenStore()
    store.process(MAIN, "main.py")
    store.object(1, "Pool", "pool")
    counts = {MAIN: [OperationCount("result", tasks, 0, 0, came * tasks, 0, 0)]}
    for worker in (ONE, TWO):
        store.process(worker, f"worker-{worker}", Role.POOL_WORKER, MAIN)
        counts[worker] = [OperationCount("task", tasks // 2, 0, 0, 50 * tasks, 0, 0)]
        for number in range(30):
            begin = number * SECOND // 10
            store.records.append(
                Operation(
                    worker, 1, "task", "MainThread", begin, begin + work_us * 1000, 0, 100,
                    told, "ok", "", "with_tax", number,
                )
            )  # fmt: skip
    store.counted(1, counts, time_ns=seconds * SECOND)
    return store


def test_more_time_goes_into_pickles_than_into_tasks() -> None:
    (cause,) = causes(errands(2, "unpickled 0.012 ms, pickled 0.008 ms"))
    assert (cause.code, cause.weight) == ("pickling-dominates", Severity.HINT)
    assert cause.processes == (ONE, TWO, MAIN)
    words = cause.words()
    assert words.title == "pool spends more time on pickling than on its tasks"
    assert "In 20.0 s, 2 workers of pool did 50,000 tasks." in words.explanation
    assert "about 100 ms in all; for 1000 ms they unpickled" in words.explanation
    assert "(0.1 KB) 12 µs" in words.explanation
    assert "up to 11 x less" in words.explanation
    assert "chunksize" in words.advice
    large = errands(9000, "unpickled 1.000 ms, pickled 40.000 ms", came=800_000, tasks=100)
    (cause,) = causes(large)
    assert "up to 5.56 x less" in cause.words().explanation
    assert cause.words().advice.startswith("Return less")


@pytest.mark.parametrize(
    "store",
    [
        errands(40, "unpickled 0.012 ms, pickled 0.008 ms"),
        errands(2, "unpickled 0.012 ms, pickled 0.008 ms", tasks=5000),
        errands(2, "unpickled 0.012 ms, pickled 0.008 ms", seconds=2),
        errands(2, ""),
        errands(2000, "unpickled 0.010 ms, pickled 90.000 ms", tasks=2000),
    ],
    ids=["tasks take longer", "now and then", "not for long", "little", "others are taken first"],
)
def test_pickling_does_not_dominate(store: WrittenStore) -> None:
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
    assert "each gets 33 % of one" in words.explanation
    assert causes(computing([18.0] * 6)) != []  # others compute, too
    assert causes(computing([50.0] * 4)) == []  # twice as many is usual
    assert causes(computing([10.0] * 6)) == []  # it is others who use the processors
    assert causes(computing([33.0] * 6, status="sleeping")) == []  # they wait for something else
    assert causes(computing([33.0] * 6, samples=4)) == []  # not for long
    assert causes(computing([100.0, 95.0, 1.0, 1.0, 1.0, 1.0])) == []  # two of them compute
    monkeypatch.setattr(module, "processors", lambda pids: Processors(1.5, True))
    (cause,) = causes(computing([30.0] * 5))
    words = cause.words()
    assert words.title == "5 processes compute on 1.5 processors"
    assert "quota" in words.advice
    assert "as that, 1." in words.advice


def test_how_many_processors_a_process_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = os.sched_getaffinity(0)
    assert processors([os.getpid(), 2**22 + 1]) == Processors(len(mine), False)
    child = subprocess.Popen(["sleep", "60"])
    os.sched_setaffinity(child.pid, {min(mine)})
    try:
        assert processors([child.pid]).number == 1
    finally:
        child.kill()
        child.wait()
    monkeypatch.setattr("spawnscope.core.analysis.findings.processors._GROUPS", tmp_path)
    inner = tmp_path / "docker" / "box"
    inner.mkdir(parents=True)
    (inner / "cpu.max").write_text("max 100000\n")
    (tmp_path / "docker" / "cpu.max").write_text("150000 100000\n")
    old = tmp_path / "cpu,cpuacct"
    old.mkdir()
    (old / "cpu.cfs_quota_us").write_text("300000\n")
    (old / "cpu.cfs_period_us").write_text("100000\n")
    assert quota("0::/docker/box\n") == 1.5
    assert quota("4:cpu,cpuacct:/gone\n1:memory:/\n0::/\n") == 3.0
    assert quota("3:cpuset:/\n") == float("inf")
