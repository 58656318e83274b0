"""How often recorders are looked at, what is told how often, and that nothing slips through."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from recorder_world import World

from spawnscope.core.observe.recorder_file import RecorderFile
from spawnscope.core.probe._spawnscope_probe import layout


def test_the_history_has_a_state_a_second_and_the_last_one(world: World) -> None:
    record = world.process(2)
    file = world.recorder(record.pid)
    queue, thread = file.object(), file.thread()
    for number in range(1, 17):  # 4 s
        file.count(thread, "put", queue, count=number)
        world.round(0.26)
    states = [state for states in world.journal.of("object_history") for state in states]
    assert 3 <= len(states) <= 5
    assert all(b.time_ns - a.time_ns >= 10**9 for a, b in pairwise(states))
    counters = world.journal.of("counter_history")
    assert 2 <= len(counters) <= 3
    assert all(b[0] - a[0] >= 2 * 10**9 for a, b in pairwise(counters))
    for time_ns, ((number, process, total),) in counters:
        told = [s for s in world.journal.of("object_state") if s.time_ns <= time_ns]
        assert (number, process, total.operation) == (1, 2, "put")
        assert total.count == told[-1].counts[0].count
    for _ in range(5):  # nothing happens, so the last one comes by itself
        world.round(0.26)
    last = world.journal.of("object_history")[-1][-1]
    assert last == world.journal.of("object_state")[-1]
    assert (last.counts[0].count, last.depth) == (16, 16)
    file.count(thread, "put", queue, count=17)
    world.round(0.26)
    file.count(thread, "put", queue, count=18)
    world.end(record)
    world.round(0.1)  # nothing lives any more
    assert world.journal.of("object_history")[-1][-1].counts[0].count == 18
    assert world.journal.of("counter_history")[-1][1][0][2].count == 18


def test_totals_are_told_twice_a_second_while_a_process_lives(world: World) -> None:
    file = world.recorder(world.process(2).pid)
    queue, thread = file.object(), file.thread()
    for number in range(1, 41):  # 2 s
        file.count(thread, "put", queue, count=number)
        world.round(0.05)
    told = [row[2].count for rows in world.journal.of("counters") for row in rows]
    assert 3 <= len(told) <= 5
    assert told[-1] >= 30


def test_a_recorder_without_changes_is_read_twice_a_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = world.recorder(world.process(2).pid, ring=3000)
    queue, thread = file.object(), file.thread()
    read: list[float] = []
    original = RecorderFile.read

    def counting(self: RecorderFile, *arguments: Any) -> Any:
        read.append(world.now)
        return original(self, *arguments)

    monkeypatch.setattr(RecorderFile, "read", counting)
    for _ in range(20):
        file.record("put", queue, thread)
        world.round(0.05)
    assert len(read) == 20
    for _ in range(50):
        world.round(0.05)  # 2.5 s: it becomes idle
    read.clear()
    for _ in range(40):
        world.round(0.05)
    assert len(read) == 4
    file.record("put", queue, thread)
    file.count(thread, "put", queue, count=1)
    for _ in range(11):
        world.round(0.05)
    assert len(world.journal.operations_told()) == 21
    read.clear()
    for _ in range(20):
        world.round(0.05)
    assert len(read) == 20


def test_a_small_recorder_without_changes_is_read_before_it_can_run_over(world: World) -> None:
    """A process may write 100 records after each round, whether its own file was read or not."""
    record = world.process(2)
    file = world.recorder(record.pid, ring=380)
    queue, thread = file.object(), file.thread()
    for _ in range(3):
        for _ in range(60):
            world.round(0.05)  # it becomes idle
        for _ in range(12):
            for _ in range(100):
                file.record("put", queue, thread)
            world.round(0.05)
    world.end(record)
    assert len(world.journal.operations_told()) == 3 * 12 * 100
    assert world.journal.of("lost") == []


def test_only_counting_is_seen_although_no_record_comes(world: World) -> None:
    file = world.recorder(world.process(2).pid)
    queue, thread = file.object(), file.thread()
    for number in range(200):
        file.count(thread, "put", queue, count=number)
        world.round(0.05)
    assert world.journal.of("object_state")[-1].counts[0].count >= 193


def test_what_is_counted_before_its_object_is_known_counts(world: World) -> None:
    file = world.recorder(world.process(2).pid)
    thread = file.thread()
    file.count(thread, "put", 1, count=3)
    file.count(thread, "acquire", 2, count=2)
    world.round()
    assert world.journal.of("object_state") == []
    file.object("Queue", "q")
    file.object("Lock", "l")
    file.count(thread, "put", 1, count=4)
    world.round()
    states = {state.object: state for state in world.journal.of("object_state")}
    assert states[1].counts[0].count == 4
    assert states[2].counts[0].count == 2
    assert states[2].holders == ((2, "MainThread"),)


def test_an_object_that_was_just_made_has_its_operations_at_once(world: World) -> None:
    record = world.process(2)
    file = world.recorder(record.pid, ring=3000)
    thread = file.thread()
    for _ in range(30):  # it is not young any more
        world.round(0.05)
    queue = file.object("Queue", "q")
    file.record("put", queue, thread)
    world.round(0.05)
    assert world.journal.operations_told() == [("put", 2, 1, "MainThread")]
    assert [event.object for event in world.journal.of("object_created")] == [1]
    start = file.object("Process", "process:1:10000003")
    file.record("start", start, thread, argument=10_000_003)
    world.round(0.05)
    assert world.recorders.strangers.parents == {10_000_003: record}


def test_a_thread_that_was_just_begun_has_its_name_at_once(world: World) -> None:
    file = world.recorder(world.process(2).pid, ring=3000)
    queue, thread = file.object(), file.thread()
    file.record("put", queue, thread)
    for _ in range(30):  # it is not young any more
        world.round(0.05)
    names = [f"Thread-{number}" for number in range(1, 9)]
    for name in names:
        file.record("put", queue, file.thread(name))
        world.round(0.05)
    assert [told[3] for told in world.journal.operations_told()] == ["MainThread", *names]


def test_a_thread_with_another_name_is_another_thread(world: World) -> None:
    file = world.recorder(world.process(2).pid)
    lock, thread = file.object("Lock", "l"), file.thread("Thread-1")
    file.record("acquire", lock, thread)
    file.count(thread, "acquire", lock, count=1)
    world.round()
    file.count(thread, "release", lock, count=1)
    world.round()
    # The next thread takes over the block of one that has ended.
    file.word(file.block_at(thread), layout.THREAD << 56 | file.text("Thread-2"))
    world.round()
    file.record("acquire", lock, thread)
    file.count(thread, "acquire", lock, count=2)
    world.round()
    assert [told[3] for told in world.journal.operations_told()] == ["Thread-1", "Thread-2"]
    assert world.journal.of("object_state")[-1].holders == ((2, "Thread-2"),)
