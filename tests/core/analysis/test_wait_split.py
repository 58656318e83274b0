"""How waiting splits: who waits for whom at a queue or a pipe, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from live import Live

from spawnscope.core.analysis.waits.split import Balance, wait_split
from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.store.objects import ObjectTable

SECOND = 1_000_000_000


def row(type_name: str = "Queue", depth: int = 0, capacity: int | None = 10) -> ObjectRow:
    return ObjectRow(1, type_name, "jobs", "app.py:3", 2, 0, capacity, depth=depth)


@pytest.mark.parametrize(
    ("put", "get", "verdict"),
    [
        (0, 0, Balance.NOBODY_WAITS),
        (0.05, 0.04, Balance.NOBODY_WAITS),
        (5, 0, Balance.PRODUCERS_WAIT),
        (5, 2, Balance.PRODUCERS_WAIT),
        (5, 3, Balance.BALANCED),
        (3, 5, Balance.BALANCED),
        (0.2, 40, Balance.CONSUMERS_WAIT),
    ],
)
def test_the_side_that_does_not_wait_is_the_bottleneck(
    put: float, get: float, verdict: Balance
) -> None:
    split = wait_split(row(), int(put * SECOND), int(get * SECOND), 10 * SECOND)
    assert split is not None
    assert split.balance is verdict
    assert split.put_share == pytest.approx(put / (put + get) if put + get else 0)


def test_a_pile_in_a_queue_without_a_limit_is_told_though_nobody_waits() -> None:
    split = wait_split(row(depth=5400, capacity=None), 0, SECOND, 10 * SECOND)
    assert split is not None
    assert split.balance is Balance.PILING_UP
    assert split.reason.startswith("5,400 items wait in it")
    split = wait_split(row(depth=5400, capacity=None), 0, 9 * SECOND, 10 * SECOND)
    assert split is not None
    assert split.balance is Balance.CONSUMERS_WAIT, "they wait, so it is no pile of theirs"


def test_a_pipe_has_senders_and_receivers() -> None:
    split = wait_split(row("Pipe", capacity=None), 0, 5 * SECOND, 10 * SECOND)
    assert split is not None
    assert split.title == "Receivers wait"
    assert split.sides == ("senders", "receivers")


@pytest.mark.parametrize("type_name", ["Lock", "Event", "Pool", "Value"])
def test_what_nothing_goes_through_does_not_split(type_name: str) -> None:
    assert wait_split(row(type_name), SECOND, SECOND, SECOND) is None


def test_every_verdict_has_words() -> None:
    for type_name in ("Queue", "Pipe"):
        for put, get, depth in ((0, 0, 0), (9, 0, 0), (0, 9, 0), (5, 5, 0), (0, 0, 500)):
            split = wait_split(row(type_name, depth, None), put, get, 10)
            assert split is not None
            assert split.title
            assert split.reason.endswith(".")
            assert split.advice.endswith(".")


def test_real_programs_get_the_verdict_that_they_deserve(tmp_path: Path) -> None:
    """One queue that is always full, one that is always empty."""
    with Live(tmp_path / "live.spawnscope") as live:
        live.script("two_bottlenecks")
        objects, taken = ObjectTable(), 0

        def verdicts() -> dict[str, Balance]:
            nonlocal taken
            for event in live.events[taken:]:
                objects.apply(event)
            taken = len(live.events)
            found = {}
            for each in objects:
                waits = objects.recent_waits(each.number, each.state_ns)
                split = wait_split(each, *waits)
                if split is not None and sum(waits[:2]) > SECOND // 2:
                    found[each.name] = split.balance
            return found

        live.until(lambda: {"crowded", "idle"} <= set(verdicts()), what="both queues")
        assert verdicts()["crowded"] is Balance.PRODUCERS_WAIT
        assert verdicts()["idle"] is Balance.CONSUMERS_WAIT
