"""Chrome traces: valid by the format's rules, and true to what the program did."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from flow_sessions import MS, a_made, an_operation
from probing import TARGETS
from recording import record, run
from trace_rules import Trace, checked, ns

from spawnscope.core.analysis.flows import order as operation_order
from spawnscope.core.analysis.flows.flows import flow_matcher
from spawnscope.core.analysis.flows.order import operations_in_order
from spawnscope.core.export.chrome_trace import export_chrome_trace
from spawnscope.core.export.chrome_trace_lanes import FIRST_FREE_NUMBER, TraceLane
from spawnscope.core.sentences.outcome import outcome
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import Doing, ProcessExited, Stream

MAIN = "MainThread"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a session, and its trace."""
    folder = tmp_path_factory.mktemp("trace")
    program = TARGETS / "causes_and_effects.py"
    done = record("--quiet", "-o", folder / "session", program)
    assert done.returncode == 0, done.stderr.decode()
    done = run("export", folder / "session", "--format", "chrome-trace", "-o", folder / "trace")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    return folder


@pytest.fixture(scope="module")
def reader(recorded: Path) -> Iterator[SessionReader]:
    with closing(SessionReader(recorded / "session")) as found:
        yield found


@pytest.fixture(scope="module")
def trace(recorded: Path) -> Trace:
    return checked(recorded / "trace")


def written(session: Any, path: Path) -> Trace:
    """The trace of a session under way, checked."""
    session.writer.flush()
    with session.reader() as reader, open(path, "wb") as out:
        assert export_chrome_trace(reader, out)
    return checked(path)


# A real program


def test_every_operation_is_a_slice_at_its_time(reader: SessionReader, trace: Trace) -> None:
    rows = dict(reader.operations.page(limit=10_000))
    assert len(rows) > 300
    assert set(trace.slices) == set(rows)
    names = {made.object: made.name for made in reader.objects.all()}
    for number, one in rows.items():
        found = trace.slices[number]
        assert ns(found["ts"]) == one.start_ns - reader.began_ns
        assert ns(found["dur"]) == max(1, one.end_ns - one.start_ns)
        what = one.text if one.operation in ("task", "submit") else names.get(one.object, "")
        assert found["name"] == f"{one.operation} {what}".strip()
        assert found["args"]["outcome"] == one.outcome
        assert found["args"].get("place", "") == one.site
        assert found["args"].get("preview") == one.preview
        assert found["args"].get("bytes") == one.bytes
        assert ns(found["args"].get("waited_us", 0)) == one.waited_ns


def test_lanes_have_real_pids_and_the_names_of_threads(reader: SessionReader, trace: Trace) -> None:
    pids = {record.started.process: record.started.pid for record in reader.processes.all()}
    lanes = {
        (event["pid"], event["tid"]): event["args"]["name"]
        for event in trace.of("M", name="thread_name")
    }
    for number, one in reader.operations.page(limit=10_000):
        found = trace.slices[number]
        assert found["pid"] == pids[one.process]
        assert lanes[found["pid"], found["tid"]] == one.thread
        if one.thread == MAIN:
            assert found["tid"] == found["pid"]
    assert set(lanes.values()) > {MAIN, "life and messages"}


def test_arrows_lead_from_what_put_an_item_to_what_got_it(
    reader: SessionReader, trace: Trace
) -> None:
    matcher = flow_matcher(reader)
    flows = [flow for batch in operations_in_order(reader) for flow in matcher.feed(batch)]
    flows += matcher.finish()
    assert sorted(trace.arrows) == sorted(
        (flow.cause_id, flow.effect_id)
        for flow in flows
        if flow.cause.start_ns < flow.effect.end_ns  # else it was noted too late for an arrow
    )
    pairs = [(trace.slices[one], trace.slices[other]) for one, other in trace.arrows]
    kinds = Counter(one["name"] for one, _ in pairs)
    assert min(kinds["put jobs"], kinds["put results"]) > 50
    assert kinds["put alike"] > 15
    for one, other in pairs:
        if one["name"].startswith("put "):
            assert other["name"] == one["name"].replace("put ", "get ")
            assert one["args"]["preview"] == other["args"]["preview"]
        elif one["name"] == "submit cube":
            assert other["name"] == "task cube"


def test_each_process_has_a_life(reader: SessionReader, trace: Trace) -> None:
    lives = {event["args"]["process"]: event for event in trace.of("X", cat="process")}
    records = {record.started.process: record for record in reader.processes.all()}
    assert set(lives) == set(records)
    for process, record_ in records.items():
        life = lives[process]
        assert life["args"]["pid"] == record_.started.pid
        if record_.exited and record_.started.time_ns > reader.began_ns:
            lived = record_.exited.time_ns - record_.started.time_ns
            assert ns(life["dur"]) == lived
            assert life["args"]["outcome"] == outcome(record_.exited)


def test_messages_are_instants_and_samples_are_counters(
    reader: SessionReader, trace: Trace
) -> None:
    lines = [message.text for message in reader.messages.page(1, 1000)]
    shown = trace.of("i")
    assert len(shown) == len(lines) > 0
    holders = next(event for event in shown if event["name"].startswith("holders:"))
    assert holders["cat"] == "stdout"
    assert holders["args"]["text"] in lines
    samples = reader.samples.after(0, 10_000)
    assert len(trace.of("C", name="CPU")) == len(trace.of("C", name="memory")) == len(samples) > 0
    memory = Counter(event["args"]["bytes"] for event in trace.of("C", name="memory"))
    assert memory == Counter(sample.rss_bytes for _, sample in samples)


def test_the_depth_of_a_queue_ends_at_what_was_left(trace: Trace) -> None:
    for name in ("jobs", "results", "alike"):
        (counter,) = {e["name"] for e in trace.of("C") if e["name"].startswith(f"depth of {name}")}
        values = [event["args"]["items"] for event in trace.of("C", name=counter)]
        assert values[-1] == 0
        assert 1 <= max(values) <= 70


# What real programs seldom do


def test_a_pid_that_was_used_again_has_a_lane_of_its_own(
    session: Any, events: Any, tmp_path: Path
) -> None:
    first = events.started(1, 10, name="first")
    session.writer.process_started(first)
    session.writer.process_started(
        type(first)(**{**_fields(first), "process": 2, "time_ns": 50, "name": "second"})
    )
    session.writer.shared.created(a_made("Lock"))
    session.writer.shared.operations(
        [an_operation("acquire", (process, MAIN), 100, 200) for process in (1, 2)]
    )
    trace = written(session, tmp_path / "trace")
    names = {event["pid"]: event["args"]["name"] for event in trace.of("M", name="process_name")}
    assert names.pop(1001) == "first"
    assert "second (pid 1001, used again)" in names.values()
    assert len({trace.slices[number]["pid"] for number in (1, 2)}) == 2


def _fields(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def test_slices_that_overlap_without_nesting_get_lanes_of_their_own(
    session: Any, events: Any, tmp_path: Path
) -> None:
    """Two threads have the same name here."""
    session.writer.process_started(events.started(1, 1))
    session.writer.shared.created(a_made("Queue"))
    times = [(10, 20), (15, 25), (30, 90), (40, 50), (30, 95), (60, 99), (10, 12)]
    session.writer.shared.operations(
        [an_operation("get", (1, "worker"), start * MS, end * MS) for start, end in times]
    )
    trace = written(session, tmp_path / "trace")
    assert len(trace.slices) == len(times)
    for number, (start, end) in enumerate(times, 1):
        found = trace.slices[number]
        assert abs(ns(found["ts"]) - (start - 10) * MS) <= 1
        assert ns(found["ts"]) + ns(found["dur"]) == (end - 10) * MS
    lanes = [event["args"]["name"] for event in trace.of("M", name="thread_name")]
    assert "worker" in lanes
    assert "worker (2)" in lanes


def test_what_finds_no_room_is_counted_and_has_no_arrow(
    session: Any, events: Any, tmp_path: Path
) -> None:
    session.writer.process_started(events.started(1, 1))
    session.writer.shared.created(a_made("Queue"))
    puts = [
        an_operation("put", (1, MAIN), 9 * n, 9 * n, argument=n, preview=str(n))
        for n in range(1, 71)
    ]
    gets = [
        an_operation("get", (1, "T"), (100 - n) * MS, (200 + n) * MS, argument=n, preview=str(n))
        if n % 2
        else an_operation("get", (1, "T"), n * MS, (199 + n) * MS + 500, argument=n, preview=str(n))
        for n in range(1, 71)
    ]
    session.writer.shared.operations(puts + gets + [_cut(n) for n in range(70)])
    trace = written(session, tmp_path / "trace")
    facts = json.loads((tmp_path / "trace").read_text())["otherData"]
    assert facts["operations_omitted"] == 210 - len(trace.slices) > 0
    for cause, effect in trace.arrows:
        one, other = trace.slices[cause], trace.slices[effect]
        assert one["args"]["preview"] == other["args"]["preview"]


def _cut(n: int) -> Any:
    """One of many that all overlap, and none within another."""
    return an_operation("poll", (1, "crowd"), n * MS, (n + 500) * MS)


def test_a_lane_never_takes_what_would_cut_into_another() -> None:
    lane = TraceLane(1, 1)
    assert lane.place(10, 20) == 10
    assert lane.place(30, 40) == 30
    assert lane.place(35, 50) is None
    assert lane.place(22, 25) == 22  # late, between two
    assert lane.place(15, 23) is None
    assert lane.place(12, 14) is None  # within one whose insides are forgotten
    assert lane.place(5, 60) == 5
    assert lane.place(5, 60) == 4
    assert lane.place(70, 80) == 70
    assert lane.place(65, 90) == 65


def test_a_long_task_may_hold_many_operations_and_then_moves() -> None:
    lane = TraceLane(1, 1)
    for n in range(10_000):
        assert lane.place(100 + 10 * n, 105 + 10 * n) is not None
    assert lane.place(99_057, 100_200) == 99_057
    assert lane.place(50, 100_300) is None  # what it would hold is forgotten


def test_what_a_process_was_in_when_it_died_is_a_slice(
    session: Any, events: Any, tmp_path: Path
) -> None:
    session.writer.process_started(events.started(1, 1))
    session.writer.shared.created(a_made("Queue"))
    session.writer.shared.operations([an_operation("put", (1, MAIN), 5 * MS, 6 * MS)])
    doing = (
        Doing(MAIN, "get", 1, 20 * MS, "app.py:3", ""),
        Doing(MAIN, "task", None, 10 * MS, "", "crunch"),
    )
    session.writer.process_exited(
        ProcessExited(1, 1001, 90 * MS, None, "SIGKILL", "Killed.", doing, ())
    )
    trace = written(session, tmp_path / "trace")
    get, task = trace.of("X", name="get it")[0], trace.of("X", name="task crunch")[0]
    assert get["args"] == {"outcome": "unfinished", "place": "app.py:3"}
    for found, since in ((get, 20), (task, 10)):
        assert ns(found["ts"]) == (since - 5) * MS
        assert ns(found["ts"]) + ns(found["dur"]) == 85 * MS
        assert found["tid"] == trace.slices[1]["tid"]


def test_any_text_goes_through(session: Any, events: Any, tmp_path: Path) -> None:
    odd = 'a "quoted" \\ back\x00\x1b[31m\u2028 grüße 😀'
    session.writer.process_started(events.started(1, 1, name=odd, cmdline=(odd, "\udcff")))
    made = a_made("Queue")
    session.writer.shared.created(type(made)(**{**_fields(made), "name": odd}))
    session.writer.shared.operations(
        [an_operation("put", (1, odd), 5, 6, preview=odd, site=odd, text=odd)]
    )
    session.say(odd.replace("\x00", "").encode(), b"caf\xe9", b"", b"x" * 5000, time_ns=9)
    trace = written(session, tmp_path / "trace")
    assert trace.slices[1]["name"] == f"put {odd}"
    assert trace.slices[1]["args"]["preview"] == odd
    shown = [event["name"] for event in trace.of("i")]
    assert shown[1:3] == ["caf\\xe9", " "]
    assert len(shown[3]) < 200


def test_an_empty_session_and_one_without_processes_are_valid(session: Any, tmp_path: Path) -> None:
    assert written(session, tmp_path / "empty").events == []
    session.say(b"who am I?", process=7)
    trace = written(session, tmp_path / "one")
    assert [event["name"] for event in trace.of("i")] == ["who am I?"]
    assert trace.of("M", name="process_name")[0]["args"] == {"name": "process 7"}
    assert trace.of("i")[0]["pid"] >= FIRST_FREE_NUMBER


def test_counters_and_slices_survive_a_clock_that_was_set_back(
    session: Any, events: Any, tmp_path: Path
) -> None:
    session.writer.process_started(events.started(1, 50 * MS))
    session.writer.shared.created(a_made("Lock"))
    session.writer.shared.operations(
        [an_operation("acquire", (1, MAIN), 40 * MS, 41 * MS) for _ in range(3)]
    )
    trace = written(session, tmp_path / "trace")
    assert len(trace.slices) == 3


def test_a_cause_that_was_noted_after_its_effect_has_no_arrow(
    session: Any, events: Any, tmp_path: Path
) -> None:
    session.writer.process_started(events.started(1, 1))
    session.writer.shared.created(a_made("Queue"))
    session.writer.shared.operations(
        [
            an_operation("get", (1, "T"), 5 * MS, 6 * MS, argument=1, preview="1"),
            an_operation("put", (1, MAIN), 7 * MS, 7 * MS, argument=1, preview="1"),
            an_operation("put", (1, MAIN), 8 * MS, 8 * MS, argument=2, preview="2"),
            an_operation("get", (1, "T"), 7 * MS, 9 * MS, argument=2, preview="2"),
        ]
    )
    assert written(session, tmp_path / "trace").arrows == [(3, 4)]


def test_operations_that_stand_much_too_late_find_their_place(
    session: Any, events: Any, tmp_path: Path
) -> None:
    session.writer.process_started(events.started(1, 1))
    session.writer.shared.created(a_made("Queue"))
    times = [1, 2, 3, 9000, 9001, 9002, 20000, 20001, 20002, 4, 5, 20003]
    session.writer.shared.operations(
        [
            an_operation("put", (1, MAIN), at * MS, at * MS, argument=n, preview=str(n))
            for n, at in enumerate(times, 1)
        ]
    )
    with mock.patch.object(operation_order, "_PAGE", 3):
        trace = written(session, tmp_path / "trace")
    assert [ns(trace.slices[n]["ts"]) for n in range(1, 13)] == [(at - 1) * MS for at in times]
    assert trace.of("C")[-1]["args"] == {"items": 12}


def test_messages_of_any_stream_have_their_category(session: Any, tmp_path: Path) -> None:
    for stream in Stream:
        session.say(b"hello", stream=stream)
    trace = written(session, tmp_path / "trace")
    assert [event["cat"] for event in trace.of("i")] == ["stdout", "stderr", "spawnscope"]
