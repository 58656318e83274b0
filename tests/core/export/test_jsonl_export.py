"""JSON Lines: every event once, in order of time, and in order within each process above that."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spawnscope.core.export.jsonl import JsonlExport, export
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import ObjectCreated, Stream
from spawnscope.core.vocabulary.message import CONTINUES, REWRITTEN, UNTERMINATED


def exported(reader: SessionReader) -> list[dict[str, Any]]:
    out = io.BytesIO()
    assert export(reader, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_fields_are_those_of_the_documentation(session, events) -> None:
    writer = session.writer
    writer.process_started(events.started(1, 10, parent=None, name="etl"))
    session.say("grüße".encode(), time_ns=11, stream=Stream.STDERR)
    writer.samples([events.sample(1, 12)])
    writer.process_exited(events.exited(1, 13))
    writer.flush()
    with session.reader() as reader:
        started, message, sample, exited = exported(reader)
    assert started == {
        "kind": "process_started",
        "time_ns": 10,
        "process": 1,
        "pid": 1001,
        "parent": None,
        "ppid": 1,
        "name": "etl",
        "role": "worker",
        "start_method": "fork",
        "cmdline": ["python", "app.py"],
        "worker": 1,
        "made": None,
    }
    assert message == {
        "kind": "message",
        "time_ns": 11,
        "process": 1,
        "pid": 1001,
        "stream": "stderr",
        "text": "grüße",
    }
    assert sample == {
        "kind": "sample",
        "time_ns": 12,
        "process": 1,
        "pid": 1001,
        "cpu_percent": 12.5,
        "rss_bytes": 4096,
        "threads": 2,
        "fds": 9,
        "status": "running",
        "handled": 0,
        "ignored": 0,
        "fds_limit": 0,
    }
    assert exited == {
        "kind": "process_exited",
        "time_ns": 13,
        "process": 1,
        "pid": 1001,
        "exit_code": None,
        "signal": "SIGKILL",
        "outcome": "killed by SIGKILL",
        "doing": [],
        "holding": [],
        "terminated_by": None,
        "raised": None,
    }


@pytest.mark.parametrize(
    ("flag", "name"),
    [(CONTINUES, "continues"), (UNTERMINATED, "unterminated"), (REWRITTEN, "rewritten")],
)
def test_flags_show_only_where_they_apply(session, flag: int, name: str) -> None:
    session.say(b"plain")
    session.say(b"marked", flags=flag)
    session.writer.flush()
    with session.reader() as reader:
        plain, marked = exported(reader)
    assert set(marked) - set(plain) == {name}
    assert marked[name] is True


def test_bytes_that_are_no_utf8_are_given_too(session) -> None:
    session.say(b"ok", b"caf\xe9 \x00 \x1b[31m")
    session.writer.flush()
    with session.reader() as reader:
        fine, odd = exported(reader)
    assert "raw_base64" not in fine
    assert odd["text"] == "caf\\xe9 \x00 \x1b[31m"
    assert base64.b64decode(odd["raw_base64"]) == b"caf\xe9 \x00 \x1b[31m"


def test_the_last_description_of_a_process_is_shown(session, events) -> None:
    session.writer.process_started(events.started(1, 5, name="python"))
    session.writer.process_changed(events.changed(1, 6, name="sh"))
    session.writer.flush()
    with session.reader() as reader:
        (started,) = exported(reader)
    assert (started["name"], started["role"], started["cmdline"]) == ("sh", "child", ["sh"])
    assert started["time_ns"] == 5


def test_lines_left_open_by_a_crash_come_before_the_exit(session, events) -> None:
    session.writer.process_started(events.started(1, 5))
    session.writer.open_line(1, Stream.STDOUT, b"Passw", 7)
    session.writer.open_line(2, Stream.STDERR, b"50 %", 8, flags=REWRITTEN)
    session.writer.process_exited(events.exited(1, 6))
    session.writer.flush()
    with session.reader() as reader:
        found = exported(reader)
    assert [event["kind"] for event in found] == [
        "process_started",
        "message",
        "message",
        "process_exited",
    ]
    assert found[1]["text"] == "Passw"
    assert found[1]["unterminated"] is True
    assert found[2]["rewritten"] is True
    assert found[2]["pid"] is None


def test_text_files_are_written_to_as_well(session) -> None:
    session.say("é".encode())
    session.writer.flush()
    out = io.StringIO()
    with session.reader() as reader:
        assert export(reader, out)
    assert json.loads(out.getvalue())["text"] == "é"


def test_an_export_can_be_cancelled(session) -> None:
    for number in range(3000):
        session.say(b"x" * 50, time_ns=number)
    session.writer.flush()
    out, seen = io.BytesIO(), []

    def progress(done: float) -> bool:
        seen.append(done)
        return len(seen) < 3

    with session.reader() as reader:
        assert not export(reader, out, progress)
    assert len(seen) == 3
    assert 0 < seen[0] < seen[1] < seen[2] < 1


def test_a_start_that_comes_late_is_never_dropped(session, events) -> None:
    out = io.BytesIO()
    with session.reader() as reader:
        live = JsonlExport(reader, out)
        session.writer.process_started(events.started(1, 100))
        session.say(b"one", process=1, time_ns=200)
        session.writer.flush()
        assert live.advance(300) == 2
        session.writer.process_started(events.started(2, 50, parent=1))
        session.say(b"two", process=2, time_ns=310)
        session.writer.flush()
        assert live.advance(305) == 1
        assert live.advance(305) == 0
        assert live.advance() == 1
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(event["kind"], event["process"]) for event in found] == [
        ("process_started", 1),
        ("message", 1),
        ("process_started", 2),
        ("message", 2),
    ]


def test_an_object_that_is_told_of_after_later_ones_is_not_left_out(session, events) -> None:
    """Nobody knew for a while who had made it."""
    out = io.BytesIO()
    with session.reader() as reader:
        live = JsonlExport(reader, out)
        session.writer.process_started(events.started(1, 100))
        for number in (2, 1):
            made = ObjectCreated(number, 1, 100 + number, "Lock", f"lock {number}", "", None)
            session.writer.shared.created(made)
            session.writer.flush()
            live.advance(200 + number)
        live.advance()
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [e["name"] for e in found if e["kind"] == "object_created"] == ["lock 2", "lock 1"]


MOMENTS = st.integers(0, 30)
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(1, 4), MOMENTS),
        st.tuples(st.just("sample"), st.integers(1, 4), MOMENTS),
        st.tuples(st.just("exit"), st.integers(1, 4), MOMENTS),
        st.tuples(st.just("advance"), st.just(0), MOMENTS),
        st.tuples(st.just("flush"), st.just(0), st.just(0)),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(starts=st.permutations(range(4)), actions=ACTIONS)
@example(starts=[0, 1, 2, 3], actions=[("sample", 1, 1), ("sample", 1, 0), ("exit", 1, 0)])
def test_each_event_comes_once_and_in_its_process_order(
    starts: list[int], actions: list[tuple[str, int, int]], new_session, tiny_blocks, events
) -> None:
    """Times go in any direction here, as after a clock was set back."""
    said: dict[int, list[bytes]] = {n: [] for n in range(1, 5)}
    sampled: dict[int, int] = dict.fromkeys(said, 0)
    alive: set[int] = set()
    ended: set[int] = set()
    with tiny_blocks(), new_session() as session, session.reader() as reader:
        out = io.BytesIO()
        live = JsonlExport(reader, out)
        for action, process, time_ns in actions:
            if process and process not in alive | ended:
                parent = starts[process - 1] or None
                parent = parent if parent in alive | ended else None
                session.writer.process_started(
                    events.started(process, starts[process - 1] * 9, parent=parent)
                )
                alive.add(process)
            if action == "say" and process in alive:
                text = b"%d-%d" % (process, len(said[process]))
                said[process].append(text)
                session.say(text, process=process, time_ns=time_ns)
            elif action == "sample" and process in alive:
                sampled[process] += 1
                session.writer.samples([events.sample(process, time_ns, sampled[process])])
            elif action == "exit" and process in alive:
                alive.remove(process)
                ended.add(process)
                session.writer.process_exited(events.exited(process, time_ns))
            elif action == "flush":
                session.writer.flush()
            elif action == "advance":
                live.advance(time_ns)
        session.writer.flush()
        live.advance()
        at_once = exported(reader)
    for found in ([json.loads(line) for line in out.getvalue().splitlines()], at_once):
        for process in alive | ended:
            own = [event for event in found if event["process"] == process]
            kinds = [event["kind"] for event in own]
            assert kinds.index("process_started") == 0
            assert kinds.count("process_started") == 1
            assert kinds.count("process_exited") == (process in ended)
            if process in ended:
                assert kinds[-1] == "process_exited"
            texts = [event["text"].encode() for event in own if event["kind"] == "message"]
            assert texts == said[process]
            rows = [event["rss_bytes"] for event in own if event["kind"] == "sample"]
            assert rows == list(range(1, sampled[process] + 1))
        assert {event["process"] for event in found} == alive | ended


@settings(max_examples=40, deadline=None)
@given(cuts=st.lists(st.integers(0, 130), max_size=6))
def test_events_come_in_order_of_time(cuts: list[int], new_session, tiny_blocks, events) -> None:
    with tiny_blocks(), new_session() as session, session.reader() as reader:
        out = io.BytesIO()
        live = JsonlExport(reader, out)
        for moment in range(0, 120, 3):
            process = moment // 12 + 1
            if moment % 12 == 0:
                session.writer.process_started(events.started(process, moment))
            session.say(b"some text", process=process, time_ns=moment + 1)
            session.writer.samples([events.sample(process, moment + 2)])
            if moment % 12 == 9:
                session.writer.process_exited(events.exited(process, moment + 2))
            session.writer.flush()
        for cut in sorted(cuts):
            live.advance(cut)
            times = [json.loads(line)["time_ns"] for line in out.getvalue().splitlines()]
            assert times == sorted(times)
            assert all(time_ns <= cut for time_ns in times)
        live.advance()
    times = [json.loads(line)["time_ns"] for line in out.getvalue().splitlines()]
    assert times == sorted(times)
    assert len(times) == 100


def test_an_exit_waits_for_output_that_was_read_after_it(session, events) -> None:
    out = io.BytesIO()
    session.writer.process_started(events.started(1, 1))
    session.writer.process_started(events.started(2, 1))
    session.say(b"last words", process=1, time_ns=500)
    session.say(b"other", process=2, time_ns=600)
    session.writer.process_exited(events.exited(1, 100))
    session.writer.flush()
    with session.reader() as reader:
        live = JsonlExport(reader, out)
        assert live.advance(300) == 2
        live.advance()
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(event["kind"], event["process"]) for event in found[2:]] == [
        ("message", 1),
        ("process_exited", 1),
        ("message", 2),
    ]
