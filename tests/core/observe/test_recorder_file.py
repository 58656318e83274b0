"""Recorders are read as they were written, whatever their writer does meanwhile."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorder_writer import RecorderWriter

from spawnscope.core.observe import recorder_file
from spawnscope.core.observe.recorder_blocks import Frame
from spawnscope.core.observe.recorder_file import RecorderFile
from spawnscope.core.observe.recorder_layout import ObjectDefinition, RecorderError
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


def sequences(reader: RecorderFile, final: bool = False) -> list[int]:
    return [record.sequence for record in reader.read(final).records]


def test_what_was_written_comes_back_once(writer, reader) -> None:
    queue = writer.object(site="app.py:1", capacity=8)
    thread = writer.thread()
    writer.record("put", queue, thread, 10, 30, size=0, preview=b"'a'", argument=2**64 - 5)
    reading = reader.read()
    assert reading.objects == [
        ObjectDefinition(queue, "Queue", "one", True, "app.py:1", "jobs", 8, 5)
    ]
    (record,) = reading.records
    assert (record.start_ns, record.end_ns, record.object) == (10, 30, queue)
    assert layout.OPERATIONS[record.operation] == "put"
    assert (record.size, record.preview, record.argument) == (0, b"'a'", -5)
    assert reader.texts[record.site] == "app.py:7"
    assert reader.texts[reader.name_of_thread(record.thread)] == "MainThread"
    assert reader.read() == ([], [], 0, False)


def test_threads_and_counters(writer, reader) -> None:
    lock = writer.object("Lock")
    thread, other = writer.thread(), writer.thread("Thread-1")
    writer.count(thread, "acquire", lock, count=3, waits=1, waited_ns=50)
    writer.count(other, "acquire", lock, count=1)
    writer.frame(thread, 1, "task", 0, since=2)
    writer.frame(thread, 2, "call", 0, since=3)
    writer.frame(thread, 0, "get", lock, since=4)
    assert reader.read().changed
    threads, counters = reader.blocks()
    assert [frame.since_ns for frame in threads[thread].frames] == [4, 3, 2]
    assert threads[thread].frames[0] == Frame(
        layout.CODE["get"], lock, 4, threads[1].frames[0][3], 0
    )
    assert threads[other].frames == ()
    acquire = layout.CODE["acquire"]
    assert {block[1:] for block in counters} == {
        (acquire, thread, lock, (3, 50, 1, 0, 0, 0)),
        (acquire, other, lock, (1, 0, 0, 0, 0, 0)),
    }
    # From then on only what changes is told.
    writer.count(other, "acquire", lock, count=2)
    writer.frame(thread, 2, "")
    assert reader.read().changed
    threads, counters = reader.blocks()
    assert [block[2:] for block in counters] == [(other, lock, (2, 0, 0, 0, 0, 0))]
    assert [frame.since_ns for frame in threads[thread].frames] == [4, 2]


def test_many_records_across_the_end_of_the_ring(writer, reader) -> None:
    found = []
    for _ in range(20):
        for _ in range(50):
            writer.record()
        found += sequences(reader)
    assert found == list(range(1000))


def test_records_that_were_overwritten_are_counted_exactly(writer, reader) -> None:
    for _ in range(200):
        writer.record()
    reading = reader.read()
    assert reading.lost == 200 - writer.ring
    assert [record.sequence for record in reading.records] == list(range(136, 200))


def test_a_record_that_is_overwritten_while_it_is_read_is_lost(writer, reader, monkeypatch) -> None:
    for _ in range(writer.ring):
        writer.record(end=1)
    pread = os.pread

    def racing(descriptor: int, size: int, at: int) -> bytes:
        data = pread(descriptor, size, at)
        if at == writer.ring_at and size > 8 and writer.written == writer.ring:
            for _ in range(10):
                writer.record(end=2)
        return data

    monkeypatch.setattr(recorder_file.os, "pread", racing)
    reading = reader.read()
    assert reading.lost == 10
    assert [record.sequence for record in reading.records] == list(range(10, 64))
    assert sequences(reader) == list(range(64, 74))


def test_an_incomplete_record_is_passed_and_read_later(writer, reader) -> None:
    writer.record()
    torn = writer.record(commit=False)
    writer.record()
    assert sequences(reader) == [0, 2]
    assert sequences(reader) == []
    writer.word(writer.record_at(torn), torn + 1)
    assert sequences(reader) == [torn]


def test_at_the_end_incomplete_records_are_left_out(writer, reader) -> None:
    writer.record(commit=False)
    writer.record()
    reading = reader.read(final=True)
    assert [record.sequence for record in reading.records] == [1]
    assert reading.lost == 0


def test_the_count_of_records_may_go_back_for_a_moment(writer, reader) -> None:
    writer.record()
    writer.record()
    writer.word(layout.H_WRITTEN * 8, 1)
    assert sequences(reader) == [0]
    writer.word(layout.H_WRITTEN * 8, 2)
    assert sequences(reader) == [1]
    writer.word(layout.H_WRITTEN * 8, 1)
    assert (sequences(reader), reader.written) == ([], 2)


def test_a_size_that_follows_is_waited_for(writer, reader, monkeypatch) -> None:
    late = writer.record(flags=layout.SIZE_FOLLOWS)
    never = writer.record(flags=layout.SIZE_FOLLOWS)
    assert sequences(reader) == []
    writer.word(writer.record_at(late) + layout.R_BYTES * 8, 101)
    (record,) = reader.read().records
    assert (record.sequence, record.size) == (late, 100)
    monkeypatch.setattr(recorder_file.time, "monotonic", lambda: 10.0**9)
    (record,) = reader.read().records
    assert (record.sequence, record.size) == (never, None)


def test_at_the_end_nothing_waits_for_its_size(writer, reader) -> None:
    writer.record(flags=layout.SIZE_FOLLOWS)
    assert sequences(reader) == []
    assert sequences(reader, final=True) == [0]


def test_a_recorder_without_changes_becomes_idle(writer, reader, monkeypatch) -> None:
    reader.read()
    assert not reader.idle
    now = recorder_file.time.monotonic() + 3
    monkeypatch.setattr(recorder_file.time, "monotonic", lambda: now)
    assert not reader.read().changed
    assert reader.idle
    writer.record()
    assert sequences(reader) == [0]
    assert not reader.idle


def test_what_is_no_recorder_is_refused(tmp_path: Path, writer) -> None:
    link, pipe, folder = tmp_path / "link", tmp_path / "pipe", tmp_path / "folder"
    link.symlink_to(writer.path)
    os.mkfifo(pipe)
    folder.mkdir()
    with pytest.raises(OSError, match="link"):
        RecorderFile(str(link), writer.pid)
    for path in (pipe, folder):
        with pytest.raises(RecorderError):
            RecorderFile(str(path), writer.pid)
    with pytest.raises(RecorderError, match="another process"):
        RecorderFile(str(writer.path), writer.pid + 1)


def test_a_recorder_that_is_cut_short_is_told(writer, reader) -> None:
    reader.read()
    writer.record()
    os.ftruncate(writer.descriptor, writer.ring_at)
    with pytest.raises(RecorderError, match="cut short"):
        reader.read()


def _use(path: Path, pid: int) -> None:
    """Read everything that a supervisor reads."""
    try:
        reader = RecorderFile(str(path), pid)
    except RecorderError:
        return
    try:
        for final in (False, False, True):
            reader.read(final)
            reader.blocks()
            for number in range(5):
                reader.name_of_thread(number)
    except RecorderError:
        pass
    finally:
        reader.close()


def _filled(folder: Path) -> RecorderWriter:
    writer = RecorderWriter(folder, ring=8)
    queue = writer.object()
    thread = writer.thread()
    for _ in range(11):
        writer.record("put", queue, thread, preview=b"'a'", flags=layout.SIZE_FOLLOWS)
        writer.count(thread, "put", queue, count=1, bytes=9)
    writer.frame(thread, 0, "get", queue)
    return writer


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=4096), header=st.booleans())
def test_random_bytes_raise_nothing_else(
    data: bytes, header: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("random") / "file"
    if header:
        data = layout.MAGIC.to_bytes(8, "little") + (1).to_bytes(8, "little") + data
    path.write_bytes(data)
    _use(path, 1)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), flips=st.integers(1, 40), whole=st.booleans())
def test_flipped_bits_raise_nothing_else(
    seed: int, flips: int, whole: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chance = random.Random(seed)
    writer = _filled(tmp_path_factory.mktemp("flipped"))
    places = [chance.randrange(writer.size if whole else 2048) for _ in range(flips)]
    # The definitions are few: hit them too.
    places += [writer.definitions_at + chance.randrange(200) for _ in range(chance.randrange(3))]
    for at in places:
        byte = os.pread(writer.descriptor, 1, at)[0] ^ 1 << chance.randrange(8)
        os.pwrite(writer.descriptor, bytes([byte]), at)
    writer.close()
    _use(writer.path, writer.pid)
