"""What processes share, in a session and in JSON Lines; and sessions from before that."""

from __future__ import annotations

import io
import json
import sqlite3
from typing import Any

import pytest
from older_session import as_version
from rich.console import Console

from spawnscope.core.export.jsonl import JsonlExport, export
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.records import LostOperations
from spawnscope.core.summary_objects import lost_line, objects_table
from spawnscope.core.vocabulary.events import (
    Doing,
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessExited,
    ProcessWatched,
)
from spawnscope.core.vocabulary.operation import Operation

MADE = ObjectCreated(1, 1, 12, "Queue", "jobs", "app.py:3", 8)
PUTS = OperationCount("put", 3, 1, 500, 30, 0, 0)
STATE = ObjectState(1, 20, (PUTS,), 3, (), ((2, "MainThread"),))


def operation(end_ns: int, process: int = 1, object: int = 1, **fields: Any) -> Operation:  # noqa: A002
    values: dict[str, Any] = {
        "process": process,
        "object": object,
        "operation": "put",
        "thread": "MainThread",
        "start_ns": end_ns - 1,
        "end_ns": end_ns,
        "waited_ns": 0,
        "bytes": 5,
        "preview": "'a'",
        "outcome": "ok",
        "site": "app.py:9",
        "text": "",
        "argument": 0,
        "via": "",
    }
    return Operation(**values | fields)


def exported(reader: SessionReader) -> list[dict[str, Any]]:
    out = io.BytesIO()
    assert export(reader, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_what_was_written_reads_back(session) -> None:
    shared = session.writer.shared
    shared.created(MADE)
    shared.state(STATE)
    done = [operation(20 + n, object=1 + n % 2, bytes=None if n else 1) for n in range(6)]
    shared.operations(done)
    shared.counters([(1, 1, OperationCount("put", 1, 0, 0, 0, 0, 0))])
    session.writer.flush()
    shared.counters([(1, 1, PUTS)])
    shared.lost(LostOperations(1, 30, 5, 3, 2))
    shared.watched(ProcessWatched(1, 5, True, ""))
    session.writer.flush()
    with session.reader() as reader:
        assert reader.objects.all() == [MADE]
        assert reader.objects.states() == [STATE]
        assert [one for _, one in reader.operations.page()] == done
        assert [number for number, _ in reader.operations.page(2)] == [2, 4, 6]
        assert [number for number, _ in reader.operations.page(2, 2, 1)] == [4]
        assert [number for number, _ in reader.operations.page(None, 0, 2, newest=True)] == [5, 6]
        assert reader.objects.counters() == reader.objects.counters(1) == [(1, 1, PUTS)]
        assert reader.objects.counters(2) == []
        assert reader.operations.lost() == [LostOperations(1, 30, 5, 3, 2)]
        assert reader.objects.watched() == [ProcessWatched(1, 5, True, "")]


def test_a_live_session_shows_new_operations_and_their_texts(session) -> None:
    shared = session.writer.shared
    with session.reader() as reader:
        assert reader.operations.page() == []
        for number in range(1, 4):
            shared.operations([operation(number, text=f"function {number}")])
            session.writer.flush()
            ((found, one),) = reader.operations.page(after_id=number - 1)
            assert (found, one.text) == (number, f"function {number}")


def test_the_lines_of_a_session(session, events) -> None:
    writer, shared = session.writer, session.writer.shared
    writer.process_started(events.started(1, 10))
    shared.created(MADE)
    shared.operations([operation(20)])
    shared.counters([(1, 1, PUTS)])
    shared.lost(LostOperations(1, 29, 5, 3, 2))
    doing = Doing("MainThread", "get", 1, 25, "app.py:9", "")
    writer.process_exited(ProcessExited(1, 1001, 30, 0, None, "Ended.", (doing,), (1,)))
    writer.flush()
    with session.reader() as reader:
        lines = exported(reader)
    assert [line["kind"] for line in lines] == [
        "process_started",
        "object_created",
        "operation",
        "counters",
        "operations_lost",
        "process_exited",
    ]
    _, made, done, counters, lost, exited = lines
    assert made == {
        "kind": "object_created",
        "time_ns": 12,
        "object": 1,
        "process": 1,
        "pid": 1001,
        "type": "Queue",
        "name": "jobs",
        "site": "app.py:3",
        "capacity": 8,
        "via": "",
    }
    assert done == {
        "kind": "operation",
        "time_ns": 20,
        "process": 1,
        "pid": 1001,
        "object": 1,
        "operation": "put",
        "thread": "MainThread",
        "start_ns": 19,
        "end_ns": 20,
        "waited_ns": 0,
        "bytes": 5,
        "preview": "'a'",
        "outcome": "ok",
        "site": "app.py:9",
        "text": "",
        "argument": 0,
        "via": "",
    }
    assert counters == {
        "kind": "counters",
        "time_ns": 30,
        "process": 1,
        "pid": 1001,
        "object": 1,
        "type": "Queue",
        "name": "jobs",
        "operations": {
            "put": {
                "count": 3,
                "waits": 1,
                "waited_ns": 500,
                "bytes": 30,
                "timeouts": 0,
                "errors": 0,
            }
        },
    }
    assert lost == {
        "kind": "operations_lost",
        "time_ns": 29,
        "process": 1,
        "pid": 1001,
        "count": 5,
        "only_counted": 3,
        "overwritten": 2,
    }
    assert exited["holding"] == [1]
    assert exited["doing"] == [
        {
            "thread": "MainThread",
            "operation": "get",
            "object": 1,
            "since_ns": 25,
            "site": "app.py:9",
            "text": "",
            "number": 0,
            "via": "",
            "limited": False,
            "inside": False,
            "ready": False,
        }
    ]


def test_operations_are_sorted_by_time_within_a_process_s_life(session, events) -> None:
    writer, shared = session.writer, session.writer.shared
    writer.process_started(events.started(1, 10))
    shared.created(MADE)
    shared.operations([operation(n) for n in (40, 20, 30, 99, 5)])
    shared.operations([operation(25, process=2)])
    writer.process_exited(events.exited(1, 50))  # its last one ended later, if clocks are right
    writer.process_started(events.started(2, 26))
    writer.process_exited(events.exited(2, 60))
    writer.flush()
    with session.reader() as reader:
        lines = exported(reader)
    kinds = [(line["kind"], line["process"]) for line in lines]
    assert kinds.index(("object_created", 1)) < kinds.index(("operation", 1))
    assert kinds.index(("process_started", 2)) < kinds.index(("operation", 2))
    last = max(n for n, kind in enumerate(kinds) if kind == ("operation", 1))
    assert last < kinds.index(("process_exited", 1))
    times = [line["time_ns"] for line in lines if line["kind"] == "operation"]
    assert times == [5, 20, 25, 30, 40, 99]


def test_a_live_export_writes_each_operation_once(session, events) -> None:
    writer, shared = session.writer, session.writer.shared
    out = io.StringIO()
    writer.process_started(events.started(1, 10))
    shared.created(MADE)
    with session.reader() as reader:
        live = JsonlExport(reader, out)
        for number in range(3000):
            shared.operations([operation(20 + number)])
            if number % 500 == 0:
                writer.flush()
                live.advance(10 + number)
        shared.counters([(1, 1, PUTS)])
        writer.flush()
        live.advance()
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    times = [line["time_ns"] for line in lines if line["kind"] == "operation"]
    assert times == list(range(20, 3020))
    assert lines[-1]["kind"] == "counters"  # it has no end, but it has totals


@pytest.fixture
def old(session) -> str:
    """A session as the first version wrote it."""
    session.say(b"hello")
    session.writer.close()
    connection = sqlite3.connect(session.path)
    new = ("shared_object", "object_state", "watched", "text", "operation", "last_operation")
    for table in (*new, "counters", "lost"):
        connection.execute(f"DROP TABLE {table}")
    as_version(connection, 1)
    connection.commit()
    connection.close()
    return str(session.path)


def test_a_session_of_the_first_version_opens_and_exports(old: str) -> None:
    reader = SessionReader(old)
    try:
        assert (reader.objects.all(), reader.objects.states(), reader.operations.page()) == (
            [],
            [],
            [],
        )
        assert (reader.objects.counters(), reader.operations.lost(), reader.objects.watched()) == (
            [],
            [],
            [],
        )
        assert reader.operations.last_id() == reader.operations.last_id(1) == 0
        assert [line["kind"] for line in exported(reader)] == ["message"]
        assert objects_table(reader.objects.all(), reader.objects.states(), {}, frozenset()) is None
    finally:
        reader.close()


def test_the_table_of_objects(session) -> None:
    shared = session.writer.shared
    shared.created(MADE)
    shared.created(ObjectCreated(2, 1, 13, "Lock", "results", "/src/app.py:4", None))
    shared.created(ObjectCreated(3, 1, 13, "Event", "Event at app.py:5", "/src/app.py:5", None))
    shared.state(STATE)
    acquires = OperationCount("acquire", 2, 1, 1_500_000_000, 0, 1, 0)
    shared.state(ObjectState(2, 20, (acquires,), None, ((1, "MainThread"),), ()))
    for number in range(4, 60):
        shared.created(ObjectCreated(number, 1, 13, "Lock", "many", "", None))
    session.writer.flush()
    with session.reader() as reader:
        table = objects_table(
            reader.objects.all(), reader.objects.states(), {1: "etl"}, frozenset()
        )
    assert table is not None
    console = Console(width=160, file=io.StringIO(), record=True)
    console.print(table)
    lines = [" ".join(line.split()) for line in console.export_text().splitlines()]
    assert lines[1] == "Queue jobs app.py:3 3 put 3 (3 never sent)"
    assert lines[2] == (
        "Lock results app.py:4 2 acquired, 1 acquire in vain 1.5 s etl (MainThread)"
    )
    assert lines[3] == "Event at app.py:5 app.py:5"
    assert len(lines) == 1 + 40 + 1
    assert lines[-1] == "… and 19 more"


@pytest.mark.parametrize(
    ("counted", "overwritten", "line"),
    [
        (0, 0, ""),
        (1200, 3, "1,200 operations were only counted, 3 were overwritten before they were read."),
        (1, 0, "1 operation was only counted."),
        (0, 2, "2 operations were overwritten before they were read."),
    ],
)
def test_what_is_lost_is_one_line(counted: int, overwritten: int, line: str) -> None:
    lost = [LostOperations(1, 5, counted + overwritten, counted, overwritten)]
    assert lost_line(lost) == line
