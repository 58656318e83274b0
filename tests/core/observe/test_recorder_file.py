"""Recorders are read as they were written, whatever their writer does meanwhile."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorder_writer import RecorderWriter

from spawnscope.core.observe import recorder_file
from spawnscope.core.observe.recorder_file import NOTHING, RecorderFile
from spawnscope.core.observe.recorder_layout import (
    ARGUMENT,
    END_NS,
    KIND,
    LOW,
    PREVIEW,
    PREVIEW_LENGTH,
    SIZE,
    START_NS,
    WHAT_KIND,
    ObjectDefinition,
    RawRecord,
    RecorderError,
)
from spawnscope.core.probe._spawnscope_probe import layout
from spawnscope.core.supervisor.operation_rows import OperationRows


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


def sequence(record: RawRecord) -> int:
    return record[0] - 1


def sequences(reader: RecorderFile, now: float = 0.0, **how: bool) -> list[int]:
    return [sequence(record) for record in reader.read(now, **how).records]


def test_what_was_written_comes_back_once(writer, reader) -> None:
    queue = writer.object(site="app.py:1", capacity=8)
    thread = writer.thread()
    writer.record("put", queue, thread, 10, 30, size=0, preview=b"'a'", argument=2**64 - 5)
    reading = reader.read(0.0)
    assert reading.objects == [
        ObjectDefinition(queue, "Queue", "one", True, "app.py:1", "jobs", 8, 5)
    ]
    (record,) = reading.records
    what, how, place = KIND.unpack(record[WHAT_KIND])
    assert (record[START_NS], record[END_NS], what & LOW) == (10, 30, queue)
    assert layout.OPERATIONS[what >> 32] == "put"
    assert (record[SIZE], record[PREVIEW][: record[PREVIEW_LENGTH]], record[ARGUMENT]) == (
        1,
        b"'a'",
        -5,
    )
    assert reader.texts[place >> 32] == "app.py:7"
    assert reader.texts[reader.name_of_thread(how & LOW)] == "MainThread"
    assert reader.read(0.0) is NOTHING


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
    reading = reader.read(0.0)
    assert reading.lost == 200 - writer.ring
    assert [sequence(record) for record in reading.records] == list(range(136, 200))


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
    reading = reader.read(0.0)
    assert reading.lost == 10
    assert [sequence(record) for record in reading.records] == list(range(10, 64))
    assert sequences(reader) == list(range(64, 74))


@pytest.fixture
def roomy(tmp_path: Path) -> Iterator[RecorderWriter]:
    """One with so many records that the next ones are read without a look at the header."""
    made = RecorderWriter(tmp_path, created_ns=2, ring=2100)
    yield made
    made.close()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_each_record_comes_once_however_it_is_read(roomy, data: st.DataObject) -> None:
    reader = RecorderFile(str(roomy.path), roomy.pid)
    try:
        reader.read(0.0, final=True)
        first, found, unsized, lost = roomy.written, [], [], 0
        for now in range(data.draw(st.integers(1, 12))):
            for _ in range(data.draw(st.sampled_from((0, 1, 5, 11, 12, 13, 40, 1100)))):
                roomy.record()
            if data.draw(st.booleans()):
                unsized.append(roomy.record(flags=layout.SIZE_FOLLOWS))
            if unsized and data.draw(st.booleans()):
                roomy.word(roomy.record_at(unsized.pop()) + layout.R_BYTES * 8, 7)
            reading = reader.read(now / 10, whole=data.draw(st.booleans()))
            found += [sequence(record) for record in reading.records]
            lost += reading.lost
        reading = reader.read(9.0, final=True)
        found += [sequence(record) for record in reading.records]
        lost += reading.lost
        assert len(found) == len(set(found))
        assert len(found) + lost == roomy.written - first
        assert reader.written == roomy.written
    finally:
        reader.close()


def test_the_next_records_wait_behind_an_incomplete_one_only_for_a_while(roomy) -> None:
    reader = RecorderFile(str(roomy.path), roomy.pid)
    roomy.record()
    assert sequences(reader, whole=False) == [0]
    torn = roomy.record(commit=False)
    roomy.record()
    assert sequences(reader, whole=False) == []
    assert sequences(reader) == [2]
    roomy.word(roomy.record_at(torn), torn + 1)
    assert sequences(reader, whole=False) == [torn]
    reader.close()


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
    reading = reader.read(0.0, final=True)
    assert [sequence(record) for record in reading.records] == [1]
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


def test_a_size_that_follows_is_waited_for(writer, reader) -> None:
    late = writer.record(flags=layout.SIZE_FOLLOWS)
    never = writer.record(flags=layout.SIZE_FOLLOWS)
    assert sequences(reader) == []
    writer.word(writer.record_at(late) + layout.R_BYTES * 8, 101)
    (record,) = reader.read(0.1).records
    assert (sequence(record), record[SIZE]) == (late, 101)
    assert sequences(reader, 0.9) == []
    (record,) = reader.read(1.0).records
    assert (sequence(record), record[SIZE]) == (never, 0)


def test_at_the_end_nothing_waits_for_its_size(writer, reader) -> None:
    writer.record(flags=layout.SIZE_FOLLOWS)
    assert sequences(reader) == []
    assert sequences(reader, final=True) == [0]


def test_what_is_defined_while_records_are_read_is_found(writer, reader) -> None:
    reader.read(0.0)
    number = writer.object("Lock", "late")
    assert [made.identity for made in reader.late_definitions()] == ["late"]
    assert reader.late_definitions() == []
    writer.record("acquire", number)
    reading = reader.read(0.0)
    assert (reading.objects, len(reading.records)) == ([], 1)


def test_a_record_with_impossible_numbers_is_told(writer, reader) -> None:
    writer.record(end=1 << 62)
    records = reader.read(0.0).records
    with pytest.raises(RecorderError, match="impossible"):
        _rows(reader).of(records)


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
    reader.read(0.0)
    writer.record()
    os.ftruncate(writer.descriptor, writer.ring_at)
    with pytest.raises(RecorderError, match="cut short"):
        reader.read(0.0)


def _rows(reader: RecorderFile) -> OperationRows:
    def text(number: int) -> str:
        return reader.texts[number] if number < len(reader.texts) else ""

    def thread(number: int) -> str:
        return text(reader.name_of_thread(number))

    return OperationRows(1, 1 << 60, text, thread, len, lambda: None)


def _use(path: Path, pid: int) -> None:
    """Read everything that a supervisor reads."""
    try:
        reader = RecorderFile(str(path), pid)
    except RecorderError:
        return
    try:
        rows = _rows(reader)
        for now in range(4):
            reading = reader.read(now, whole=now != 1, final=now == 3)
            for row in rows.of(reading.records):
                assert max(value for value in row if isinstance(value, int)) < 1 << 63
            reader.blocks()
            reader.late_definitions()
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


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=4096), header=st.booleans())
def test_random_bytes_raise_nothing_else(
    data: bytes, header: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("random") / "file"
    if header:
        data = layout.MAGIC.to_bytes(8, "little") + (1).to_bytes(8, "little") + data
    path.write_bytes(data)
    _use(path, 1)


@settings(max_examples=80, deadline=None)
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
