"""Reading: processes, workers, samples, and a live session that grows."""

from __future__ import annotations

import threading

import pytest

from spawnscope.core.session.records import WorkerRecord
from spawnscope.core.vocabulary.message import Message


def test_an_empty_session_reads_as_empty(session) -> None:
    with session.reader() as reader:
        assert reader.messages.last_id() == 0
        assert reader.messages.page(1, 10) == []
        assert reader.messages.block(1) is None
        assert (
            reader.messages.open_lines(),
            reader.processes.all(),
            reader.processes.workers(),
        ) == ([], [], [])
        assert (reader.samples.of(1), reader.samples.last()) == ([], {})
        assert not reader.ended_cleanly


def test_what_the_session_is_about_is_kept(session) -> None:
    with session.reader() as reader:
        assert reader.about == {"title": "a test"}
        assert reader.began_ns > 1_600_000_000_000_000_000


def test_a_process_comes_back_with_its_last_change_and_its_end(session, events) -> None:
    writer = session.writer
    writer.process_started(events.started(2, parent=1))
    writer.process_started(events.started(1))
    writer.process_changed(events.changed(2, name="first"))
    writer.process_changed(events.changed(2, name="last"))
    writer.process_exited(events.exited(2))
    writer.flush()
    with session.reader() as reader:
        one, two = reader.processes.all()
    assert (one.started, one.changed, one.exited) == (events.started(1), None, None)
    assert two.started == events.started(2, parent=1)
    assert two.changed == events.changed(2, name="last")
    assert two.exited == events.exited(2)


def test_only_processes_that_changed_are_told_again(session, events) -> None:
    writer = session.writer
    writer.process_started(events.started(1))
    writer.process_started(events.started(2))
    writer.flush()
    with session.reader() as reader:
        seen, records = reader.processes.changes(0)
        assert [record.started.process for record in records] == [1, 2]
        assert reader.processes.changes(seen) == (seen, [])
        writer.process_exited(events.exited(1))
        writer.flush()
        seen, records = reader.processes.changes(seen)
        assert [record.exited for record in records] == [events.exited(1)]
        assert reader.processes.changes(seen) == (seen, [])


def test_workers_come_back(session) -> None:
    session.writer.worker_started(1, 4, "etl", '{"kind": "script"}', 77)
    session.writer.flush()
    with session.reader() as reader:
        assert reader.processes.workers() == [WorkerRecord(1, 4, "etl", '{"kind": "script"}', 77)]


def test_samples_of_a_process_come_in_order_from_a_time_on(session, events) -> None:
    session.writer.process_started(events.started(1))
    session.writer.process_started(events.started(2))
    for time_ns in range(10, 50, 10):
        session.writer.samples([events.sample(1, time_ns), events.sample(2, time_ns)])
        session.writer.flush()
    with session.reader() as reader:
        assert reader.samples.of(1, 20) == [events.sample(1, t) for t in (20, 30, 40)]
        assert reader.samples.of(1, 0, limit=2) == [events.sample(1, t) for t in (10, 20)]
        assert reader.samples.of(3) == []
        assert reader.samples.last() == {1: events.sample(1, 40), 2: events.sample(2, 40)}
        rows = reader.samples.after(0, limit=3)
        assert [sample.time_ns for _, sample in rows] == [10, 10, 20]
        assert len(reader.samples.after(rows[-1][0])) == 5
        assert reader.samples.last_row() == 8
        assert reader.samples.last_row(1) == 7


def test_samples_of_one_process_are_found_by_the_index(session) -> None:
    with session.reader() as reader:
        plan = reader._file._connection.execute(
            "EXPLAIN QUERY PLAN "
            "SELECT * FROM sample WHERE process=1 AND time_ns>=5 ORDER BY time_ns"
        ).fetchall()
    assert "sample_of_process" in plan[0][3]
    assert len(plan) == 1


def test_a_live_session_shows_what_was_flushed_since(session) -> None:
    with session.reader() as reader:
        for number in range(2000):
            session.say(b"line %d, with some text in it" % number, process=number % 3)
            assert session.writer.flush() == number + 1
            if number % 97 == 0:
                assert reader.messages.last_id() == number + 1
                assert (
                    reader.messages.page(max(1, number - 50), 100)
                    == session.messages[max(1, number - 50) - 1 :]
                )


def test_unflushed_messages_are_not_shown(session) -> None:
    session.say(b"seen")
    session.writer.flush()
    session.say(b"unseen")
    with session.reader() as reader:
        assert [message.raw for message in reader.messages.page(1, 9)] == [b"seen"]


def test_a_reader_does_not_keep_the_wal_from_being_folded(session) -> None:
    with session.reader() as reader:
        session.say(b"hello")
        session.writer.flush()
        reader.messages.page(1, 9)
        reader.processes.all()
        busy, _, _ = session.writer._connection.execute(
            "PRAGMA wal_checkpoint(TRUNCATE)"
        ).fetchone()
        assert not busy


def test_a_reader_works_in_another_thread(session) -> None:
    session.say(b"hello")
    session.writer.flush()
    found: list[Message] = []
    with session.reader() as reader:
        thread = threading.Thread(target=lambda: found.extend(reader.messages.page(1, 9)))
        thread.start()
        thread.join()
    assert found == session.messages


@pytest.mark.parametrize(("first_id", "count"), [(0, 5), (-5, 5), (1, 0), (10**12, 5), (1, -1)])
def test_pages_beyond_the_session_are_cut(session, first_id: int, count: int) -> None:
    session.say(b"a", b"b")
    session.writer.flush()
    with session.reader() as reader:
        expected = session.messages[: max(count, 0)] if first_id < 3 else []
        assert reader.messages.page(first_id, count) == expected
