"""`export`: a whole file or none."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest
from recording import TIMEOUT, record, run, sentence, spawnscope
from waiting import wait_until

from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import Stream


@pytest.fixture
def session(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small session, in the working directory."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "session"
    assert record("--quiet", "-o", path, "--", "echo", "hello").returncode == 0
    return path


@pytest.fixture
def long_session(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session whose export takes a moment."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "long"
    writer = SessionWriter(path, about={})
    body = b"\n".join(b"line %d of many" % number for number in range(5000))
    for moment in range(400):
        writer.messages(2, Stream.STDOUT, body, 5000, moment + 1)
    writer.close()
    return path


def export(*arguments: object) -> list[str]:
    """The command line of an export as JSON Lines."""
    return spawnscope("export", "--format", "jsonl", *arguments)


def test_it_writes_a_file_or_stdout(session: Path) -> None:
    on_stdout = run("export", session, "--format", "jsonl").stdout
    assert [json.loads(line).get("text") for line in on_stdout.splitlines()].count("hello") == 1
    done = run("export", session, "--format", "jsonl", "-o", "events")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert Path("events").read_bytes() == on_stdout


def test_a_link_is_followed_and_a_named_pipe_is_written_to(session: Path) -> None:
    Path("real").touch()
    os.symlink("real", "link")
    assert run("export", session, "--format", "jsonl", "-o", "link").returncode == 0
    assert Path("link").is_symlink()
    assert b"hello" in Path("real").read_bytes()
    os.mkfifo("pipe")
    with subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE) as reader:
        assert run("export", session, "--format", "jsonl", "-o", "pipe").returncode == 0
        assert b"hello" in reader.communicate(timeout=TIMEOUT)[0]
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nosuch"], "There is no session file at nosuch"),
        (["/"], "is a folder"),
        (["session"], "required: --format"),
        (["session", "--format", "csv"], "csv"),
        (["session", "--format", "jsonl", "-o", "nosuch/out"], "cannot be written"),
        (["session", "--format", "jsonl", "-o", "."], "cannot be written"),
        (["session", "--format", "jsonl", "-o", "session"], "is the session itself"),
        (["foreign", "--format", "jsonl"], "foreign"),
        (["text", "--format", "jsonl"], "text is not a session file"),
        (["empty", "--format", "jsonl"], "empty"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_exported_is_one_sentence(
    session: Path, arguments: list[str], words: str
) -> None:
    sqlite3.connect("foreign").execute("PRAGMA user_version = 1").connection.close()
    Path("text").write_text("text " * 1000)
    Path("empty").touch()
    before = session.read_bytes()
    if arguments == ["nosuch"] or arguments == ["/"]:
        arguments = [*arguments, "--format", "jsonl"]
    assert words in sentence(run("export", *arguments))
    assert session.read_bytes() == before


def test_a_damaged_session_is_one_sentence_and_no_file(long_session: Path) -> None:
    data = bytearray(long_session.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40_000] = os.urandom(40_000)
    long_session.write_bytes(data)
    done = run("export", long_session, "--format", "jsonl", "-o", "out")
    assert done.returncode == 1
    assert done.stderr.startswith(b"spawnscope: ")
    assert done.stderr.count(b"\n") == 1, done.stderr
    assert sorted(os.listdir()) == ["home", "long"]


@pytest.mark.parametrize("target", ["| head -1", "| head -c 1"])
def test_a_reader_that_has_seen_enough_is_no_fault(long_session: Path, target: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$@" {target}', "sh", *export(long_session)], capture_output=True
    )
    assert done.stderr == b""
    assert done.stdout


def test_a_full_disk_is_one_sentence(session: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(export(session), stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr == b"spawnscope: stdout cannot be written: No space left on device.\n"


def test_without_stdout_it_says_so(session: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *export(session)], capture_output=True
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"spawnscope: There is no stdout to write to; choose a file with -o.\n"


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_cancelled_it_leaves_nothing_half_written(
    long_session: Path, number: signal.Signals, status: int
) -> None:
    Path("out").write_text("from before")
    with subprocess.Popen(export(long_session, "-o", "out"), stderr=subprocess.PIPE) as process:
        wait_until(lambda: list(Path().glob(".out-*.part")), TIMEOUT)
        process.send_signal(number)
        _, err = process.communicate(timeout=TIMEOUT)
    assert process.returncode == status
    assert b"Traceback" not in err
    assert sorted(os.listdir()) == ["home", "long", "out"]
    assert Path("out").read_text() == "from before"
