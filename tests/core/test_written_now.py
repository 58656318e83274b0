"""A file that is being written is not written by anybody else; whose writer is dead, is free."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from recording import TIMEOUT, Recording, record, run, sentence
from waiting import wait_until

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.session.written_now import FileInUseError, check_free

pytestmark = pytest.mark.usefixtures("home")

TALKS = ("sh", "-c", "echo begun; read line; echo $line")


def messages(path: str | Path) -> int:
    """How many messages can be read from a session."""
    reader = SessionReader(path)
    try:
        return reader.messages.last_id()
    finally:
        reader.close()


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recording]:
    """A recording under way, into `live` and `events`; `other` is a session of before."""
    monkeypatch.chdir(tmp_path)
    assert record("--quiet", "-o", "other", "--", "true").returncode == 0
    read_end, write_end = os.pipe()
    with Recording("-o", "live", "--jsonl", "events", "--", *TALKS, stdin=read_end) as recording:
        os.close(read_end)
        recording.says(b"begun")
        yield recording
        os.close(write_end)
        status, _, err = recording.finish()
        assert status == 0
        assert b"1 process, 2 messages. Session: " in err


def test_what_is_being_written_is_refused(live: Recording) -> None:
    os.symlink("live", "link")
    before = os.stat("events").st_ino, os.stat("live").st_ino
    for arguments, name in (
        (("record", "-o", "link", "--", "true"), "link"),
        (("record", "--jsonl", "live-wal", "--", "true"), "live-wal"),
        (("record", "-o", "other", "--jsonl", "events", "--", "true"), "events"),
        (("export", "other", "--format", "jsonl", "-o", "live"), "live"),
        (("export", "live", "--format", "jsonl", "-o", "live-shm"), "live-shm"),
        (("export", "other", "--format", "csv", "--table", "objects", "-o", "events"), "events"),
    ):
        said = sentence(run(*arguments))
        assert f"{name}' cannot be written: " in said
        assert said.endswith("; choose another name.")
    assert (os.stat("events").st_ino, os.stat("live").st_ino) == before
    assert messages("live") == 1


def test_whoever_dies_lets_go_of_the_file(tmp_path: Path) -> None:
    with Recording("-o", tmp_path / "session", "--", *TALKS, stdin=subprocess.PIPE) as recording:
        recording.says(b"begun")
        with pytest.raises(FileInUseError):
            check_free(str(tmp_path / "session"))
        wait_until(lambda: messages(tmp_path / "session") == 1, TIMEOUT)
        os.kill(recording.supervisor, signal.SIGKILL)
        assert recording.finish()[0] == 1
    left = (tmp_path / "session-wal").read_bytes()
    assert left
    assert messages(tmp_path / "session") == 1
    assert (tmp_path / "session-wal").read_bytes() == left  # a crash is read, not tidied up
    check_free(str(tmp_path / "session"))
    done = record("-o", tmp_path / "session", "--", "true")
    assert b"1 process, 0 messages" in done.stderr
    assert not list(tmp_path.glob("session-*"))


def test_a_session_that_is_open_here_is_refused_without_losing_its_locks(tmp_path: Path) -> None:
    path = str(tmp_path / "session")
    SessionWriter(path, about={}).close()
    reader = SessionReader(path)
    for name in (path, f"{path}-wal"):
        with pytest.raises(FileInUseError, match="open here"):
            check_free(name)
    reader.close()
    check_free(path)


def test_two_names_for_one_output_are_refused(tmp_path: Path) -> None:
    for suffix in ("", "-wal"):
        done = record("-o", tmp_path / "s", "--jsonl", f"{tmp_path / 's'}{suffix}", "--", "true")
        assert "name the same file" in sentence(done)


def test_whoever_closes_last_leaves_a_single_file(tmp_path: Path) -> None:
    path = tmp_path / "session"
    with Recording("-o", path, "--", *TALKS, stdin=subprocess.PIPE) as recording:
        recording.says(b"begun")
        readers = [SessionReader(path) for _ in range(3)]
        os.kill(recording.supervisor, signal.SIGTERM)
        wait_until(lambda: readers[0].ended_cleanly, TIMEOUT)
        recording.finish()
    assert Path(f"{path}-wal").exists()
    for reader in readers:
        assert Path(f"{path}-wal").exists()
        reader.close()
    assert [name.name for name in tmp_path.glob("session*")] == ["session"]
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()
