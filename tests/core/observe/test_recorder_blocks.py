"""Of the blocks of a recorder, just what has changed is told."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorder_writer import RecorderWriter

from spawnscope.core.observe.recorder_blocks import (
    Blocks,
    CounterBlock,
    OpenOperation,
    Threads,
    head_of,
)
from spawnscope.core.observe.recorder_file import NOTHING, RecorderFile
from spawnscope.core.probe._spawnscope_probe import layout


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[RecorderWriter]:
    made = RecorderWriter(tmp_path)
    yield made
    made.close()


@pytest.fixture
def reader(writer: RecorderWriter) -> Iterator[RecorderFile]:
    opened = RecorderFile(str(writer.path), writer.pid)
    yield opened
    opened.close()


def test_threads_and_counters(writer, reader) -> None:
    lock = writer.object("Lock")
    thread, other = writer.thread(), writer.thread("Thread-1")
    writer.count(thread, "acquire", lock, count=3, waits=1, waited_ns=50)
    writer.count(other, "acquire", lock, count=1)
    writer.frame(thread, 1, "task", 0, since=2)
    writer.frame(thread, 2, "call", 0, since=3)
    writer.frame(thread, 0, "get", lock, since=4)
    reader.read(0.0)
    news, counters = reader.blocks()
    threads = reader.threads
    assert news is Threads.RENAMED
    assert [frame.since_ns for frame in threads[thread].frames] == [4, 3, 2]
    assert threads[thread].frames[0] == OpenOperation(
        layout.CODE["get"], lock, 4, threads[1].frames[0][3], 0
    )
    assert threads[other].frames == ()
    acquire = layout.CODE["acquire"]
    assert {(*head_of(block.head), block.counter) for block in counters} == {
        (acquire, thread, lock, (3, 50, 1, 0, 0, 0)),
        (acquire, other, lock, (1, 0, 0, 0, 0, 0)),
    }
    # From then on only what changes is told.
    writer.count(other, "acquire", lock, count=2)
    assert reader.read(0.0, whole=False) is NOTHING
    reader.read(0.0)
    news, counters = reader.blocks()
    assert news is Threads.SAME
    assert [(head_of(block.head)[1], block.counter[0]) for block in counters] == [(other, 2)]
    writer.frame(thread, 2, "")
    reader.read(0.0)
    assert reader.blocks() == (Threads.CHANGED, [])
    assert [frame.since_ns for frame in threads[thread].frames] == [4, 2]
    assert reader.blocks() == (Threads.SAME, [])


def test_an_odd_counter_says_that_its_thread_is_in_it(writer, reader) -> None:
    thread, jobs = writer.thread(), writer.object()
    writer.frame(thread, 2, "task", jobs)
    writer.count(thread, "get", jobs, count=3, within=1)
    reader.read(0.0)
    news, counters = reader.blocks()
    assert news is Threads.RENAMED
    assert [block.counter[0] for block in counters] == [3]
    frames = reader.threads[thread].frames
    assert [(layout.OPERATIONS[one.operation], one.since_ns) for one in frames] == [
        ("get", 0),
        ("task", 7),
    ]
    writer.count(thread, "get", jobs, count=4)
    reader.read(0.0)
    news, counters = reader.blocks()
    assert news is Threads.CHANGED
    assert [block.counter[0] for block in counters] == [4]
    assert [layout.OPERATIONS[one.operation] for one in reader.threads[thread].frames] == ["task"]


def test_what_a_thread_notes_and_counts_at_once_is_one_thing(writer, reader) -> None:
    thread, jobs = writer.thread(), writer.object()
    writer.frame(thread, 0, "get", jobs)
    writer.count(thread, "get", jobs, count=0, within=1)
    reader.read(0.0)
    reader.blocks()
    assert [frame.since_ns for frame in reader.threads[thread].frames] == [7]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_just_the_blocks_that_changed_are_told(data: st.DataObject) -> None:
    blocks, before = Blocks(), [0] * data.draw(st.integers(0, 40))
    blocks.update(_counter_blocks(before))
    for _ in range(3):
        now = list(before) + [0] * data.draw(st.integers(0, 20))
        for at in data.draw(st.sets(st.integers(0, max(0, len(now) - 1)), max_size=5)):
            if now:
                now[at] += 1
        _, told = blocks.update(_counter_blocks(now))
        expected = [
            CounterBlock(at + 1, layout.COUNTER << 56 | 1, (count >> 1, 0, 0, 0, 0, 0))
            for at, count in enumerate(now)
            if at >= len(before) or count != before[at]
        ]
        assert told == expected
        before = now


def _counter_blocks(counts: list[int]) -> bytes:
    word = layout.COUNTER << 56 | 1  # whose thread has no block
    return b"".join(struct.pack("=8Q", word, count, *[0] * 6) for count in counts)
