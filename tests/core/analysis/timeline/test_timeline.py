"""A timeline read from a session file, also from one that is still being written."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from spawnscope.core.analysis.timeline.rows import SessionRows
from spawnscope.core.analysis.timeline.timeline import Timeline
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import ObjectCreated, Stream
from spawnscope.core.vocabulary.operation import Operation

BEGAN = 1_700_000_000_000_000_000
MS = 1_000_000
FAMILIES = ("", "Queue", "Lock", "Pool")


def operation(
    process: int,
    name: str,
    start_ms: int,
    took_ms: int,
    number: int = 1,
    waited_ms: int = 0,
    thread: str = "MainThread",
    text: str = "",
) -> Operation:
    start = BEGAN + start_ms * MS
    return Operation(
        process, number, name, thread, start, start + took_ms * MS, waited_ms * MS, None, None,
        "ok", "app.py:1", text, 0,
    )  # fmt: skip


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SessionWriter]:
    writer = SessionWriter(tmp_path / "s.spawnscope", about={})
    for number, type_name in ((1, "Queue"), (2, "Lock"), (3, "Pool")):
        writer.shared.created(ObjectCreated(number, 1, BEGAN, type_name, "x", "", None))
    yield writer
    writer.close()


@contextlib.contextmanager
def reading(tmp_path: Path) -> Iterator[Timeline]:
    with contextlib.closing(SessionReader(tmp_path / "s.spawnscope")) as reader:
        yield Timeline(SessionRows(reader), len(FAMILIES), FAMILIES.index)


def read_all(timeline: Timeline) -> None:
    while timeline.step(1.0):
        pass


def test_each_thread_has_its_operations_and_its_tasks(
    tmp_path: Path, writer: SessionWriter
) -> None:
    writer.shared.operations(
        [
            operation(2, "get", 0, 5, waited_ms=4),
            operation(2, "feed", 1, 1, thread="QueueFeederThread"),
            operation(2, "acquire", 6, 1, number=2, waited_ms=1),
            operation(3, "get", 4, 1),
            operation(3, "task", 2, 9, number=3, text="square"),
        ]
    )
    writer.flush()
    with reading(tmp_path) as timeline:
        read_all(timeline)
        assert timeline.read == timeline.total() == 5
        assert [name for name, _ in timeline.threads(2)] == ["MainThread", "QueueFeederThread"]
        main = timeline.threads(2)[0][1]
        assert (len(main.operations), len(main.tasks)) == (2, 0)
        counts, waited = timeline.totals(BEGAN, BEGAN + 20 * MS)
        assert counts.tolist() == [0, 3, 1, 0]
        assert waited.tolist() == [0, 4 * MS, 1 * MS, 0]
        tasks = timeline.threads(3)[0][1].tasks
        kind = tasks.kind(0)
        assert [timeline.text(each) for each in timeline.kinds.texts(kind)] == ["task", "square"]
        assert timeline.kinds.object[kind] == 3
        # A task fills its whole block, whatever it waited for.
        assert tasks.columns(BEGAN, MS, 20, 5).waited[3].tolist() == [0] * 2 + [1] * 8 + [0] * 10


def test_what_comes_later_is_read_on(tmp_path: Path, writer: SessionWriter) -> None:
    writer.shared.operations([operation(2, "put", 10, 1)])
    writer.messages(2, Stream.STDOUT, b"one\ntwo", 2, BEGAN, 0)
    writer.flush()
    with reading(tmp_path) as timeline:
        read_all(timeline)
        version = timeline.version
        assert not timeline.step(1.0)
        assert timeline.version == version
        # One that began before those that are here: it was noted late.
        writer.shared.operations([operation(2, "get", 3, 2), operation(2, "task", 11, 1, 3)])
        writer.messages(2, Stream.STDERR, b"oh", 1, BEGAN + MS, 0)
        writer.messages(2, Stream.STDOUT, b"three", 1, BEGAN + 2 * MS, 0)
        writer.flush()
        read_all(timeline)
        tracks = timeline.thread(2, "MainThread")
        assert tracks is not None
        assert [tracks.operations.id(place) for place in range(2)] == [2, 1]
        assert len(tracks.tasks) == 1
        ticks = timeline.ticks[2]
        edges = np.array([BEGAN, BEGAN + 1, BEGAN + MS + 1, BEGAN + 9 * MS])
        assert ticks.columns(edges, False).tolist() == [1, 0, 1]
        assert ticks.columns(edges, True).tolist() == [0, 1, 0]
        assert ticks.nearest(BEGAN + MS, 10) == (3, BEGAN + MS, True)
        assert ticks.nearest(BEGAN + 2 * MS, 10) == (4, BEGAN + 2 * MS, False)
        assert ticks.nearest(BEGAN + 5 * MS, 10) is None


def test_an_object_that_is_told_of_after_later_ones_is_known(
    tmp_path: Path, writer: SessionWriter
) -> None:
    writer.shared.created(ObjectCreated(5, 1, BEGAN, "Lock", "later", "", None))
    writer.shared.operations([operation(2, "acquire", 1, 1, number=5)])
    writer.flush()
    with reading(tmp_path) as timeline:
        read_all(timeline)
        writer.shared.created(ObjectCreated(4, 1, BEGAN, "Queue", "late", "", None))
        writer.shared.operations([operation(2, "get", 3, 1, number=4)])
        writer.flush()
        read_all(timeline)
        assert sorted(timeline.objects) == [1, 2, 3, 4, 5]


def test_messages_of_merged_blocks_are_not_read_twice(
    tmp_path: Path, writer: SessionWriter
) -> None:
    with reading(tmp_path) as timeline:
        for number in range(6):
            text = b"x" * 30_000
            writer.messages(2, Stream.STDOUT, text, 1, BEGAN + number * MS, 0)
            writer.flush()
            read_all(timeline)
        edges = np.array([BEGAN + number * MS for number in range(7)])
        assert timeline.ticks[2].columns(edges, False).tolist() == [1] * 6


def test_a_session_without_operations_is_empty(tmp_path: Path, writer: SessionWriter) -> None:
    writer.flush()
    with reading(tmp_path) as timeline:
        read_all(timeline)
        assert timeline.read == 0
        assert timeline.threads(2) == []
        assert timeline.totals(0, BEGAN)[0].sum() == 0


def test_a_damaged_file_is_a_session_error(tmp_path: Path, writer: SessionWriter) -> None:
    writer.shared.operations([operation(2, "put", 1, 1)])
    writer.flush()
    writer._connection.execute("UPDATE operation SET start_ns = 'nonsense'")
    with reading(tmp_path) as timeline, pytest.raises(SessionError):
        timeline.step(1.0)
