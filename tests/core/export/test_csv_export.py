"""CSV: what any reader of RFC 4180 gets back, and no formula for a spreadsheet."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from flow_sessions import MS, a_made, an_operation
from hypothesis import given
from hypothesis import strategies as st
from recording import TIMEOUT, record, run, sentence, spawnscope
from waiting import wait_until

from spawnscope.core.export.csv import TABLES, export_csv, literal
from spawnscope.core.vocabulary.events import ObjectState, OperationCount

ODD = 'one "two", three\r\nfour grüße 😀'


def tables(session: Any) -> dict[str, list[dict[str, str]]]:
    """All tables of a session, as the standard library reads them."""
    session.writer.flush()
    found = {}
    with session.reader() as reader:
        for table in TABLES:
            out = io.BytesIO()
            assert export_csv(reader, lambda _: nullcontext(out), tables=(table,))  # noqa: B023
            text = out.getvalue().decode("utf-8")
            assert text.endswith("\r\n")
            found[table] = list(csv.DictReader(io.StringIO(text, newline="")))
    return found


@pytest.fixture
def filled(session: Any, events: Any) -> Any:
    session.writer.process_started(events.started(1, 5, name="=etl"))
    shared = session.writer.shared
    made = a_made("Queue")
    fields = {name: getattr(made, name) for name in made.__struct_fields__}
    shared.created(type(made)(**fields | {"name": ODD, "capacity": 9}))
    shared.created(a_made("Lock", 2))
    counts = (OperationCount("put", 3, 1, 500, 30, 0, 0), OperationCount("get", 1, 0, 7, 0, 2, 1))
    shared.state(ObjectState(1, 20, counts, 2, ((1, "MainThread"), (1, "T")), ()))
    shared.operations(
        [
            an_operation("put", (1, "MainThread"), 10, 12, preview=ODD, bytes=5, argument=1),
            an_operation("get", (1, "@thread"), 13, 15, preview="=1+2", waited_ns=2, object=9),
            an_operation("start", (4, "MainThread"), 16, 17, preview="-5", object=0),
        ]
    )
    session.writer.samples([events.sample(1, 30), events.sample(8, 31)])
    return session


def test_every_row_comes_back_whole(filled: Any) -> None:
    found = tables(filled)
    first, second, third = found["operations"]
    assert first == {
        "id": "1", "process": "1", "pid": "1001", "thread": "MainThread", "operation": "put",
        "object": "1", "type": "Queue", "name": ODD, "start_ns": "10", "end_ns": "12",
        "waited_ns": "0", "bytes": "5", "preview": ODD, "outcome": "ok", "site": "app.py:9",
        "text": "", "argument": "1", "via": "",
    }  # fmt: skip
    assert (second["object"], second["type"], second["bytes"]) == ("9", "", "")
    assert (third["object"], third["pid"]) == ("", "")
    queue, lock = found["objects"]
    assert queue == {
        "object": "1", "type": "Queue", "name": ODD, "site": "app.py:1", "creator": "1",
        "time_ns": "0", "capacity": "9", "depth": "2", "holders": "1 MainThread; 1 T",
        "waiters": "", "count": "4", "waits": "1", "waited_ns": "507", "bytes": "30",
        "timeouts": "2", "errors": "1", "counts": "put 3; get 1",
    }  # fmt: skip
    assert (lock["type"], lock["depth"], lock["count"]) == ("Lock", "", "0")
    one, other = found["samples"]
    assert one == {
        "process": "1", "pid": "1001", "name": "'=etl", "time_ns": "30", "cpu_percent": "12.5",
        "rss_bytes": "4096", "threads": "2", "fds": "9", "status": "running",
        "handled": "0",
        "ignored": "0",
        "fds_limit": "0",
    }  # fmt: skip
    assert (other["process"], other["name"]) == ("8", "")


def test_formulas_stay_text_and_numbers_stay_numbers(filled: Any) -> None:
    _, second, third = tables(filled)["operations"]
    assert (second["preview"], second["thread"]) == ("'=1+2", "'@thread")
    assert third["preview"] == "-5"


@given(st.text())
def test_no_text_is_a_formula(text: str) -> None:
    shown = literal(text)
    assert shown is not None
    assert shown.removeprefix("'") == text.removeprefix("'")
    if shown[:1] and shown[0] in "=+-@\t\r":
        float(shown)


def test_an_empty_session_has_headers_only(session: Any) -> None:
    assert tables(session) == {"objects": [], "operations": [], "samples": []}


def test_an_export_of_tables_can_be_cancelled(filled: Any) -> None:
    filled.writer.flush()
    with filled.reader() as reader:
        seen: list[float] = []
        out = io.BytesIO()
        assert export_csv(reader, lambda _: nullcontext(out), lambda d: not seen.append(d))
        assert seen == sorted(seen)
        assert seen[-1] == 1.0
        assert not export_csv(reader, lambda _: nullcontext(out), lambda done: False)


# The command


@pytest.fixture
def recorded(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small session, in the working directory."""
    monkeypatch.chdir(tmp_path)
    assert record("--quiet", "-o", "session", "--", "echo", "hello").returncode == 0
    return tmp_path / "session"


def test_all_tables_go_into_a_new_folder_and_one_to_stdout(recorded: Path) -> None:
    done = run("export", recorded, "--format", "csv", "-o", "tables")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert sorted(os.listdir("tables")) == ["objects.csv", "operations.csv", "samples.csv"]
    assert sorted(os.listdir()) == ["home", "session", "tables"]
    for table in TABLES:
        shown = run("export", recorded, "--format", "csv", "--table", table)
        assert shown.returncode == 0
        assert shown.stdout == Path("tables", f"{table}.csv").read_bytes()
    done = run("export", recorded, "--format", "csv", "--table", "samples", "-o", "one.csv")
    assert done.returncode == 0
    assert Path("one.csv").read_bytes() == Path("tables/samples.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "csv"], "csv has several tables: name a new folder for them with -o"),
        (["--format", "jsonl", "--table", "samples"], "--table is for csv only, not for jsonl"),
        (["--format", "chrome-trace", "--table", "samples"], "only, not for chrome-trace"),
        (["--format", "csv", "--table", "processes", "-o", "x"], "processes"),
        (["--format", "csv", "-o", "home"], "'home' exists already; csv makes a new folder"),
        (["--format", "csv", "-o", "session"], "'session' exists already"),
        (["--format", "csv", "-o", "nosuch/tables"], "'nosuch/tables' cannot be written"),
        (["--format", "csv", "--table", "samples", "-o", "session"], "is the session itself"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_does_not_fit_together_is_one_sentence(
    recorded: Path, arguments: list[str], words: str
) -> None:
    assert words in sentence(run("export", recorded, *arguments))
    assert sorted(os.listdir()) == ["home", "session"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_cancelled_it_leaves_no_folder(
    session: Any, tmp_path: Path, number: signal.Signals
) -> None:
    for first in range(0, 40_000, 2000):
        session.writer.shared.operations(
            [an_operation("put", (1, "T"), n * MS, n * MS + 9) for n in range(first, first + 2000)]
        )
        session.writer.flush()
    folder = tmp_path / "out"
    folder.mkdir()
    command = spawnscope("export", session.path, "--format", "csv", "-o", folder / "tables")
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        wait_until(lambda: list(folder.glob(".tables-*.part/*")), TIMEOUT)
        process.send_signal(number)
        _, err = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 128 + number, err
    assert os.listdir(folder) == []
