"""Writing: nothing is lost by a failed flush, and a closed session is one file."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.session.single_file import single_file
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import Stream


def test_a_session_file_is_for_its_owner_only(session) -> None:
    assert stat.S_IMODE(os.stat(session.path).st_mode) == 0o600


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("kept")
    with pytest.raises(FileExistsError):
        SessionWriter(path, about={})
    assert path.read_text() == "kept"


def test_a_session_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        SessionWriter(tmp_path / "nowhere" / "session", about={})


def test_only_what_is_pending_makes_it_dirty(session, events) -> None:
    writer = session.writer
    assert not writer.dirty
    for note in (
        lambda: session.say(b"hello"),
        lambda: writer.open_line(1, Stream.STDOUT, b"pass", 1),
        lambda: writer.process_started(events.started(1)),
        lambda: writer.samples([events.sample(1, 5)]),
    ):
        note()
        assert writer.dirty
        writer.flush()
        assert not writer.dirty


def test_pending_bytes_are_those_of_unflushed_messages(session) -> None:
    session.say(b"12345", b"6")
    assert session.writer.pending_bytes == 8
    session.writer.flush()
    assert session.writer.pending_bytes == 0


def test_lines_of_several_processes_in_one_call_read_as_if_noted_one_by_one(
    tmp_path: Path,
) -> None:
    found = []
    for mixed in (True, False):
        writer = SessionWriter(tmp_path / f"{mixed}.spawnscope", about={})
        for number in range(3000):  # more than a block holds
            body = b"%d\n\nsecond\nthird %s" % (number, b"x" * (number % 50))
            if mixed:
                writer.mixed([1, 2, 1], [1, 2, 1], Stream.STDERR, body, number)
            else:
                first, second, third = body.split(b"\n", 1)[0], b"\nsecond", body.split(b"\n")[3]
                writer.messages(1, Stream.STDERR, first, 1, number)
                writer.messages(2, Stream.STDERR, second, 2, number)
                writer.messages(1, Stream.STDERR, third, 1, number)
            if number % 700 == 0:
                writer.flush()
        writer.close()
        reader = SessionReader(writer.path)
        found.append(reader.messages.page(1, 20_000))
        reader.close()
    assert len(found[0]) == 12_000
    assert found[0] == found[1]


def test_lines_of_several_processes_must_be_as_many_as_are_announced(session) -> None:
    for processes, counts in (([1, 2], [1, 2]), ([1], [1, 1])):
        with pytest.raises(ValueError, match="lines were announced, 2 came"):
            session.writer.mixed(processes, counts, Stream.STDOUT, b"one\ntwo", 1)
    assert session.writer.flush() == 0


def test_a_wrong_number_of_lines_is_refused(session) -> None:
    with pytest.raises(ValueError, match="2 lines were announced, 1 came"):
        session.writer.messages(1, Stream.STDOUT, b"one", 2, 1)
    assert session.writer.flush() == 0


def test_a_number_that_no_process_has_is_refused(session) -> None:
    with pytest.raises(ValueError, match="-1"):
        session.writer.messages(-1, Stream.STDOUT, b"one", 1, 1)


@pytest.mark.parametrize(
    "lines",
    [
        [b"x" * 5_000_000],
        [b"short", b"x" * 300_000, b"short", b"", b""],
        [b"%d" % number for number in range(100_000)],
        [b""] * 200_000,
    ],
    ids=["one huge line", "a huge line among others", "many lines", "empty lines"],
)
def test_bodies_of_any_size_come_back_whole(session, lines: list[bytes]) -> None:
    session.say(b"before")
    session.say(*lines)
    session.say(b"after")
    session.writer.flush()
    with session.reader() as reader:
        assert reader.messages.page(1, len(lines) + 9) == session.messages


def test_small_blocks_give_way_to_a_full_one(session) -> None:
    for number in range(3000):
        session.say(b"line %d of a slow program" % number, time_ns=number + 1)
        session.writer.flush()
    with sqlite3.connect(session.path) as connection:
        small = connection.execute(
            "SELECT sum(length(body)) FROM message_block WHERE tally IS NULL"
        ).fetchone()[0]
        full = connection.execute(
            "SELECT count(*) FROM message_block WHERE tally IS NOT NULL"
        ).fetchone()[0]
    connection.close()
    assert small < 64 * 1024
    assert full == 1
    with session.reader() as reader:
        assert reader.messages.page(1, 5000) == session.messages


def test_a_full_disk_loses_nothing_that_is_pending(session, events) -> None:
    session.say(b"first")
    session.writer.flush()
    connection = session.writer._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    session.writer.process_started(events.started(1))
    session.say(*[b"x" * 100] * 5000)
    with pytest.raises(SessionError, match=r"cannot be written: .*full"):
        session.writer.flush()
    assert session.writer.dirty
    with session.reader() as reader:
        assert reader.messages.last_id() == 1
    connection.execute("PRAGMA max_page_count=1000000")
    assert session.writer.flush() == 5001
    with session.reader() as reader:
        assert reader.messages.page(1, 6000) == session.messages
        assert len(reader.processes.all()) == 1


def test_a_closed_session_is_a_single_file(session) -> None:
    session.say(b"hello")
    session.writer.close()
    assert os.listdir(os.path.dirname(session.path)) == ["session"]
    with session.reader() as reader:
        assert reader.ended_cleanly
        assert reader.messages.page(1, 9) == session.messages


def test_a_session_closed_while_someone_reads_is_tidied_up_later(session) -> None:
    session.say(b"hello")
    session.writer.flush()
    with session.reader() as reader:
        session.writer.close()
        assert reader.ended_cleanly
        assert not single_file(session.path)
        assert reader.messages.page(1, 9) == session.messages
    assert single_file(session.path)
    assert os.listdir(os.path.dirname(session.path)) == ["session"]


def test_a_stream_of_a_deleted_line_is_forgotten(session) -> None:
    session.writer.open_line(1, Stream.STDOUT, b"Password: ", 1)
    session.writer.open_line(2, Stream.STDERR, b"50 %", 2, flags=4)
    session.writer.flush()
    session.writer.open_line(2, Stream.STDERR, b"60 %", 3, flags=4)
    session.writer.open_line(1, Stream.STDOUT, b"", 3)
    session.writer.flush()
    with session.reader() as reader:
        (line,) = reader.messages.open_lines()
    assert (line.id, line.process, line.stream, line.raw) == (0, 2, Stream.STDERR, b"60 %")
    assert (line.time_ns, line.flags) == (3, 4)


def test_names_that_are_no_utf8_are_kept_with_escapes(session, events) -> None:
    started = events.started(1, name="caf\udce9", cmdline=("a\ud800b", "\udcff"))
    session.writer.process_started(started)
    session.writer.worker_started(1, 1, "t\udcff", "{}", 5)
    session.writer.flush()
    with session.reader() as reader:
        record = reader.processes.all()[0].started
        assert record.name == "caf\\xe9"
        assert record.cmdline == ("a?b", "\\xff")
        assert reader.processes.workers()[0].title == "t\\xff"
