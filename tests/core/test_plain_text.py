"""What watched processes are called and say cannot do anything to a terminal or a spreadsheet."""

from __future__ import annotations

import csv
import io
import unicodedata
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recording import record

from spawnscope.core.export.csv import export_csv
from spawnscope.core.plain_text import plain, plain_lines, plainly
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.summary import summary
from spawnscope.core.vocabulary.events import (
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessExited,
    ProcessStarted,
    Role,
    Sample,
    Stream,
)
from spawnscope.core.vocabulary.operation import Operation

EVIL = "[red]=cmd()\x1b[2J\x1b]0;title\x07\nnext\r\u202eesrever\u2028\x9b31m:smile:[/red]"
SHOWN = "[red]=cmd()\\x1b[2J\\x1b]0;title\\x07\\nnext\\r\\u202eesrever\\u2028\\x9b31m:smile:[/red]"


@given(st.text())
def test_plain_text_is_one_line_of_what_is_seen(text: str) -> None:
    shown = plain(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in shown)
    assert "\u202e" not in shown
    assert plain(shown) == shown
    assert plain_lines(text).count("\n") == text.count("\n")


def test_what_a_person_writes_stays_as_it_is() -> None:
    for text in ("grüße.py --x='a b'", "日本語", "👩\u200d💻", "e\u0301", "\u0645\u0631\u062d"):
        assert plain(text) == text


def test_every_text_of_an_event_is_made_plain() -> None:
    event = ProcessStarted(1, 2, 3, 4, None, 5, None, EVIL, Role.CHILD, None, ("x", EVIL))
    assert plainly([event])[0].cmdline == ("x", SHOWN)
    assert plainly(event).name == SHOWN
    assert plainly({EVIL: 1}) == {SHOWN: 1}


@pytest.fixture
def evil(tmp_path: Path) -> str:
    """A session in which everything that has a name is called EVIL."""
    path = str(tmp_path / "session")
    writer = SessionWriter(path, about={})
    root = ProcessStarted(1, 11, 1, 1, None, 1, None, EVIL, Role.SUPERVISOR, None, (EVIL,))
    worker = ProcessStarted(2, 12, 1, 1, 1, 1, 1, EVIL, Role.WORKER, EVIL, (EVIL,))
    child = ProcessStarted(3, 13, 1, 1, 2, 1, 1, EVIL, Role.CHILD, None, (EVIL,))
    for started in (root, worker, child):
        writer.process_started(started)
    shared = writer.shared
    shared.created(ObjectCreated(1, 2, 5, EVIL, EVIL, EVIL, None))
    count = OperationCount(EVIL, 1, 1, 10**9, 1, 1, 1)
    shared.state(ObjectState(1, 9, (count,), 3, ((2, EVIL),), ((2, EVIL),)))
    shared.operations([Operation(2, 1, EVIL, EVIL, 1, 2, 1, 1, EVIL, EVIL, EVIL, EVIL, 1)])
    writer.samples([Sample(2, 12, 5, 1.0, 1000, 1, 1, EVIL)])
    writer.messages(2, Stream.STDOUT, b"x", 1, 3)
    writer.process_exited(ProcessExited(2, 12, 9, 1, None, EVIL))
    writer.close()
    return path


def test_the_summary_shows_names_as_text(evil: str) -> None:
    text = summary(evil)
    assert text.count(SHOWN[:20]) >= 7
    assert all(one == "\n" or one.isprintable() for one in text)
    assert "smile:" in text  # not an emoji
    assert "no end was recorded" in text
    assert "still running" not in text


def test_no_column_of_a_table_holds_a_formula_or_a_control_code(evil: str) -> None:
    reader = SessionReader(evil)
    out = io.BytesIO()
    try:
        export_csv(reader, lambda table: nullcontext(out))
    finally:
        reader.close()
    text = out.getvalue().decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert sum(SHOWN[:11] in cell for row in rows for cell in row) > 10
    assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e", "\u2028"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\n=", "＝"])
def test_a_formula_is_text_in_every_column(start: str, tmp_path: Path) -> None:
    name = f"{start}cmd()"
    writer = SessionWriter(tmp_path / "session", about={})
    writer.shared.created(ObjectCreated(1, 1, 5, name, name, name, None))
    writer.shared.operations(
        [Operation(1, 1, name, name, 1, 2, 0, None, name, name, name, name, 0)]
    )
    writer.samples([Sample(1, 1, 1, 0.0, 0, 0, 0, name)])
    writer.close()
    reader = SessionReader(tmp_path / "session")
    out = io.BytesIO()
    try:
        export_csv(reader, lambda table: nullcontext(out))
    finally:
        reader.close()
    cells = [
        cell for row in csv.reader(io.StringIO(out.getvalue().decode(), newline="")) for cell in row
    ]
    assert cells.count(f"'{name}") == 3 + 8 + 1
    assert name not in cells


def test_a_hostile_program_is_recorded_in_plain_text(home: Path, tmp_path: Path) -> None:
    name = "\x1b[2J[red]evil.py"
    (tmp_path / name).write_text("print('ok')\n")
    done = record("-o", tmp_path / "session", name, cwd=tmp_path)
    assert done.returncode == 0
    assert b"\\x1b[2J[red]evil.py  PID " in done.stderr
    assert b"\x1b" not in done.stderr
    refused = record("--", "\x1b[2Jnosuch")
    assert b"\x1b" not in refused.stderr
