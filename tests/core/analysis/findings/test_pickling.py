"""Where time goes into pickles: states that are written down, and when there is no hint."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from written_causes import causes
from written_store import SECOND, WrittenStore

from spawnscope.core.vocabulary.events import OperationCount, Role
from spawnscope.core.vocabulary.findings import Severity
from spawnscope.core.vocabulary.operation import Operation

MAIN, ONE, TWO = 1, 2, 3


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
    assert "up to 5.46 x less" in cause.words().explanation
    assert cause.words().advice.startswith("Return less")


@pytest.mark.parametrize(
    "store",
    [
        errands(40, "unpickled 0.012 ms, pickled 0.008 ms"),
        errands(2, "unpickled 0.012 ms, pickled 0.008 ms", tasks=5000),
        errands(2, "unpickled 0.012 ms, pickled 0.008 ms", seconds=2),
        errands(2, ""),
        errands(2, "unpickled 1.2.3.4 ms, pickled 9..9 ms"),
        errands(2000, "unpickled 0.010 ms, pickled 90.000 ms", tasks=2000),
    ],
    ids=[
        "tasks take longer",
        "now and then",
        "not for long",
        "little",
        "no figures",
        "others are taken first",
    ],
)
def test_pickling_does_not_dominate(store: WrittenStore) -> None:
    assert causes(store) == []


def test_it_stands_while_single_tasks_take_long_and_goes_when_they_all_do() -> None:
    store = errands(2, "unpickled 0.012 ms, pickled 0.008 ms")
    (cause,) = causes(store)
    first = store.records[0]
    store.records[0] = replace(first, end_ns=first.start_ns + SECOND)
    assert causes(store) == []
    assert [each.key for each in causes(store, {cause.key})] == [cause.key]
    slower = errands(40, "unpickled 0.012 ms, pickled 0.008 ms")
    assert causes(slower, {cause.key}) == []
