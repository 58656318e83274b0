"""A session file that somebody made to hang, to flood or to fool whoever reads it."""

from __future__ import annotations

import signal
import sqlite3
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from session_everything import make_session, read_all
from session_mutations import mutated

from spawnscope.core.analysis.findings.afterwards import find_afterwards
from spawnscope.core.session import session_file
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.session_store import SessionStore

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
PAGE = 4096
_COUNT = "SELECT count(*) FROM shared_object WHERE object + 1 > 0"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session with something in every table."""
    path = tmp_path_factory.mktemp("whole") / "session"
    make_session(str(path), steps=4)
    return path


@pytest.fixture
def changed(whole: Path, tmp_path: Path) -> Callable[..., Path]:
    """A copy of it in which statements were executed."""

    def change(*statements: str) -> Path:
        path = tmp_path / "changed"
        path.write_bytes(whole.read_bytes())
        connection = sqlite3.connect(path, isolation_level=None)
        for statement in statements:
            connection.execute(statement)
        connection.close()
        return path

    return change


def test_what_is_not_mutated_is_read_without_a_fault(whole: Path) -> None:
    assert read_all(str(whole), deep=True) == ""


@settings(max_examples=30, derandomize=True)
@given(st.integers(0, 10**6))
def test_a_mutated_session_is_read_or_told_in_a_sentence(whole: Path, seed: int) -> None:
    path = whole.with_name("mutated")
    kind = mutated(whole, seed, path)
    for said in (read_all(str(path), deep=True), judged(path)):
        assert "\n" not in said, kind
        assert said == "" or str(path) in said


def judged(path: Path) -> str:
    """See what was wrong in the session; "" or the sentence that came."""
    store = SessionStore()
    try:
        store.load(str(path))
        find_afterwards(store, lambda sentence, trace: pytest.fail(f"{sentence}\n{trace}"))
    except SessionError as error:
        return str(error)
    finally:
        store.close()
    return ""


def test_what_is_told_of_a_process_that_never_started_costs_no_kind_of_finding(
    changed: Callable[..., Path],
) -> None:
    assert judged(changed("DELETE FROM process WHERE process = 2")) == ""


@pytest.mark.parametrize(
    "statements",
    [
        (
            "DROP TABLE meta",
            f"CREATE VIEW meta AS {ENDLESS} SELECT 'k' || x AS key, 'v' AS value FROM c",
        ),
        (
            "ALTER TABLE process RENAME TO p0",
            f"CREATE VIEW process AS {ENDLESS} SELECT x process, x change, p0.* FROM c, p0",
        ),
        (
            "ALTER TABLE text RENAME TO t0",
            f"CREATE VIEW text AS {ENDLESS} SELECT x id, zeroblob(90000000) text FROM c",
        ),
        ("CREATE TRIGGER process AFTER INSERT ON meta BEGIN DELETE FROM text; END",),
        ("CREATE VIRTUAL TABLE extra USING fts5(a)",),
        ("CREATE INDEX extra ON process (json_extract(started, '$.name'))",),
        ("ALTER TABLE sample ADD COLUMN more AS (zeroblob(500000000))",),
        ("ALTER TABLE sample DROP COLUMN status",),
        ("DROP TABLE counters",),
    ],
    ids=lambda statements: statements[-1][:24],
)
def test_what_is_not_the_tables_of_a_session_is_refused(
    statements: tuple[str, ...], changed: Callable[..., Path]
) -> None:
    path = changed(*statements)
    with pytest.raises(
        SessionError, match=rf"The session {path} is damaged: ('\w+' is |malformed .* unsafe)"
    ):
        SessionReader(path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE process SET started = 5",
        "UPDATE process SET started = replace(started, '\"pid\":', '\"pid\":9999999999999999999')",
        "UPDATE process SET started = replace(started, '\"parent\":1', '\"parent\":4')",
        "UPDATE text SET text = printf('%.*c', 50000, 'a') WHERE id = 1",
        "UPDATE sample SET rss_bytes = 'many'",
        "UPDATE sample SET cpu_percent = 9e999",
        "UPDATE sample SET time_ns = 9223372036854775807",
        "UPDATE operation SET operation = -3",
        "UPDATE operation SET bytes = x'00'",
        "UPDATE message_block SET body = 'text'",
        "UPDATE message_block SET lines = lines + 1",
        "DELETE FROM operation WHERE id = 50",
        "UPDATE meta SET value = printf('%.*c', 5000, '9') WHERE key = 'began_ns'",
    ],
)
def test_a_cell_that_cannot_be_is_damage_and_not_half_an_export(
    statement: str, changed: Callable[..., Path]
) -> None:
    assert "is damaged" in read_all(str(changed(statement)))


def test_a_message_that_is_missing_is_not_passed_over(session: Any, tmp_path: Path) -> None:
    for number in range(4):
        session.say(b"x" * 70_000, time_ns=number)
    session.writer.close()
    with sqlite3.connect(session.path) as connection:
        connection.execute("DELETE FROM message_block WHERE first_id = 2")
    connection.close()
    assert "message 2 is missing" in read_all(session.path)


def endless(whole: Path, path: Path, table: str) -> None:
    """Make the table's tree one whose branches all lead to the same leaf: 300 ** 12 rows."""
    content = bytearray(whole.read_bytes())
    connection = sqlite3.connect(whole)
    (root,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
    ).fetchone()
    connection.close()
    place = (root - 1) * PAGE
    leaf = bytes(content[place : place + PAGE])
    assert leaf[0] == 13  # the leaf of a table
    levels, pages = 12, len(content) // PAGE
    for level in range(levels):
        child = pages + level + 1
        inner = bytearray(PAGE)
        inner[:12] = struct.pack(">BHHHBI", 5, 0, 300, PAGE - 8, 0, child)
        inner[12 : 12 + 600] = struct.pack(">H", PAGE - 8) * 300
        inner[PAGE - 8 : PAGE - 3] = struct.pack(">IB", child, 1)
        if level:
            content += inner
        else:
            content[place : place + PAGE] = inner
    content += leaf
    content[28:32] = struct.pack(">I", len(content) // PAGE)
    path.write_bytes(content)


def test_rows_without_end_in_a_small_file_come_to_an_end(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "endless"
    endless(whole, path, "shared_object")
    reader = SessionReader(path)
    try:
        begin = time.monotonic()
        with pytest.raises(SessionError, match=r"is damaged: (to read it takes longer|its rows)"):
            reader._file.rows(tuple[int], _COUNT)
        with pytest.raises(SessionError, match=r"is damaged: (to read it takes longer|its rows)"):
            reader._file.rows(tuple[str], "SELECT created FROM shared_object")
        assert time.monotonic() - begin < 10
    finally:
        reader.close()


class Stop(BaseException):
    """What a handler of a signal raises."""


def test_a_signal_is_heard_while_sqlite_is_at_work(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "endless"
    endless(whole, path, "shared_object")
    monkeypatch.setattr(session_file, "_STEPS", 10**15)

    def stop(number: int, frame: object) -> None:
        raise Stop

    before = signal.signal(signal.SIGALRM, stop)
    reader = SessionReader(path)
    try:
        for moment in range(1, 30):
            with pytest.raises(Stop):  # noqa: PT012 - it may come before anything else
                signal.setitimer(signal.ITIMER_REAL, moment / 3000)
                reader._file.rows(
                    tuple[int], "SELECT count(*) FROM shared_object WHERE object + 1 > 0"
                )
    finally:
        signal.signal(signal.SIGALRM, before)
        reader.close()
