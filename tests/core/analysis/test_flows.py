"""Arrows from causes to effects: those that are drawn are right, with any details missing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest
from flow_sessions import lock_history, queue_history
from hypothesis import example, given, settings
from hypothesis import strategies as st
from probing import TARGETS
from recording import record

from spawnscope.core.analysis.flows.flows import Flow, flow_matcher, served_by, serves
from spawnscope.core.analysis.flows.order import operations_in_order
from spawnscope.core.session.reader import SessionReader

A, B, C = (2, "MainThread"), (3, "MainThread"), (4, "MainThread")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionReader]:
    """A recorded run of the program whose causes and effects are known."""
    path = tmp_path_factory.mktemp("flows") / "session"
    done = record("--quiet", "-o", path, TARGETS / "causes_and_effects.py")
    assert done.returncode == 0, done.stderr.decode()
    with closing(SessionReader(path)) as found:
        yield found


@pytest.fixture(scope="module")
def found(reader: SessionReader) -> list[Flow]:
    """All flows of that run."""
    matcher = flow_matcher(reader)
    flows = [flow for batch in operations_in_order(reader) for flow in matcher.feed(batch)]
    return flows + matcher.finish()


def of(reader: SessionReader, flows: list[Flow], name: str, cause: str) -> list[Flow]:
    """Those into an object of this name."""
    numbers = {made.object for made in reader.objects.all() if made.name == name}
    return [flow for flow in flows if flow.object in numbers and flow.cause.operation == cause]


# Real programs


@pytest.mark.parametrize("name", ["jobs", "results"])
def test_a_get_is_led_to_the_put_of_its_item(
    reader: SessionReader, found: list[Flow], name: str
) -> None:
    arrows = of(reader, found, name, "put")
    assert len(arrows) == 60
    for flow in arrows:
        assert flow.cause.preview == flow.effect.preview != "None"
    assert len({flow.cause_id for flow in arrows}) == 60


def test_items_that_look_alike_are_told_apart_where_one_puts_and_one_gets(
    reader: SessionReader, found: list[Flow]
) -> None:
    arrows = of(reader, found, "alike", "put")
    assert len(arrows) == 20
    assert [flow.cause_id for flow in arrows] == sorted(flow.cause_id for flow in arrows)
    assert len({flow.cause.thread for flow in arrows} | {"MainThread"}) == 2


def test_an_acquire_that_waited_is_led_to_who_held_the_lock_before(
    reader: SessionReader, found: list[Flow]
) -> None:
    (line,) = [m.text for m in reader.messages.page(1, 100) if m.text.startswith("holders:")]
    holders = [int(pid) for pid in line.split()[1:]]
    pids = {record.started.process: record.started.pid for record in reader.processes.all()}
    (lock,) = [made.object for made in reader.objects.all() if made.name == "lock"]
    acquires = sorted(
        (one.end_ns, number) for number, one in reader.operations.page(lock)
        if one.operation == "acquire"
    )  # fmt: skip
    turn = {number: index for index, (_, number) in enumerate(acquires)}
    arrows = of(reader, found, "lock", "release")
    assert len(arrows) >= 3
    for flow in arrows:
        at = turn[flow.effect_id]
        assert pids[flow.effect.process] == holders[at]
        assert pids[flow.cause.process] == holders[at - 1]
        assert flow.effect.start_ns <= flow.cause.end_ns


def test_a_wait_for_an_event_is_led_to_its_set(reader: SessionReader, found: list[Flow]) -> None:
    arrows = of(reader, found, "gate", "set")
    assert 1 <= len(arrows) <= 3  # as many as had to wait
    assert len({flow.cause_id for flow in arrows}) == len(arrows)


def test_a_recv_is_led_to_the_send_at_the_other_end(
    reader: SessionReader, found: list[Flow]
) -> None:
    for name, count in (("here", 6), ("there", 3)):
        arrows = of(reader, found, name, "send")
        assert len(arrows) == count
        for flow in arrows:
            assert flow.cause.object != flow.effect.object
            assert flow.cause.bytes == flow.effect.bytes
            assert flow.cause.start_ns < flow.effect.end_ns


def test_a_task_is_led_to_its_submit(reader: SessionReader, found: list[Flow]) -> None:
    arrows = of(reader, found, "pool", "submit")
    assert len(arrows) == 10 + 4
    executor = of(reader, found, "executor", "submit")
    assert len(executor) == 6
    for flow in arrows + executor:
        assert flow.cause.text.removeprefix("Pool.") in (flow.effect.text, "map")
    assert max(Counter(flow.cause_id for flow in arrows).values()) == 4  # chunks of one map


def test_one_operation_is_led_to_the_same_as_in_the_whole(
    reader: SessionReader, found: list[Flow]
) -> None:
    by_kind: dict[tuple[int, str], list[Flow]] = {}
    for flow in found:
        by_kind.setdefault((flow.object, flow.cause.operation), []).append(flow)
    assert len(by_kind) >= 9
    for flows in by_kind.values():
        for flow in flows[:3]:
            assert served_by(reader, flow.effect_id) == flow.cause_id
            assert flow.effect_id in serves(reader, flow.cause_id)
            assert served_by(reader, flow.cause_id) is None
    assert served_by(reader, 10**6) is None
    assert serves(reader, 10**6) == []


# Simulated, with details missing


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    putters=st.integers(1, 4),
    getters=st.integers(1, 4),
    looks=st.sampled_from([1, 2, 5, 1000]),
    puts=st.sampled_from([0.1, 0.4, 0.55]),
    missing=st.sampled_from([0.0, 0.0, 0.05, 0.3, 0.7]),
    ordinals=st.booleans(),
)
@example(seed=1, putters=1, getters=1, looks=1, puts=0.5, missing=0.5, ordinals=True)
@example(seed=0, putters=4, getters=3, looks=2, puts=0.4, missing=0.3, ordinals=True)
@example(seed=5, putters=2, getters=4, looks=5, puts=0.1, missing=0.05, ordinals=True)
@example(seed=9976, putters=3, getters=3, looks=5, puts=0.1, missing=0.05, ordinals=True)
@example(seed=494314, putters=4, getters=2, looks=5, puts=0.4, missing=0.05, ordinals=True)
def test_no_item_is_ever_led_to_a_wrong_put(
    seed: int, putters: int, getters: int, looks: int, puts: float, missing: float, ordinals: bool
) -> None:
    chance = random.Random(seed)
    history = queue_history(chance, putters, getters, 80, looks, puts)
    history.drop(chance, missing)
    flows = history.flows(ordinals)
    assert {flow.effect_id: flow.cause_id for flow in flows}.items() <= history.truth.items()
    if not missing and looks == 1000 and ordinals:
        assert len(flows) > 60
    if not ordinals and history.dropped:
        assert flows == []
    if ordinals and putters == getters == 1:
        kept = set(history.rows) - history.dropped
        assert len(flows) == sum(get in kept and put in kept for get, put in history.truth.items())


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    threads=st.integers(1, 5),
    missing=st.sampled_from([0.0, 0.05, 0.3, 0.7]),
    ordinals=st.booleans(),
)
def test_no_acquire_is_ever_led_to_a_wrong_release(
    seed: int, threads: int, missing: float, ordinals: bool
) -> None:
    chance = random.Random(seed)
    history = lock_history(chance, threads, 80)
    history.drop(chance, missing)
    flows = history.flows(ordinals)
    found = {flow.effect_id: flow.cause_id for flow in flows}
    assert found.items() <= history.truth.items()
    if not missing:
        assert len(flows) == len(history.truth)
    if not ordinals and history.dropped:
        assert flows == []


def test_after_a_gap_items_are_known_again_once_the_queue_was_empty() -> None:
    chance = random.Random(3)
    history = queue_history(chance, 2, 2, 300, 1000, puts=0.4)
    history.dropped = {n for n in range(200, 240) if history.rows[n].operation == "put"}
    flows = history.flows()
    assert {flow.effect_id: flow.cause_id for flow in flows}.items() <= history.truth.items()
    assert min(flow.cause_id for flow in flows) < 200
    assert max(flow.cause_id for flow in flows) > 300
