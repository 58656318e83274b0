"""Opening: every state a file can be in either works or is told in one sentence."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

import spawnscope
from spawnscope.core.session import opening
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.session.single_file import single_file
from spawnscope.core.vocabulary.operation import Operation

READ = """
import os, sys
sys.path.insert(0, sys.argv[2])
from spawnscope.core.session import opening
from spawnscope.core.session.reader import SessionReader
import urllib.request  # by pathlib, from 3.14 on: somebody else may not be able to read it
if os.geteuid() == 0:  # permissions don't hold for root
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
reader = SessionReader(sys.argv[1])
print(reader.messages.last_id(), reader.messages.page(1, 1)[0].text, reader.ended_cleanly)
reader.close()
"""


@pytest.fixture
def crashed(session, tmp_path: Path) -> Path:
    """The files of a session as a crash would leave them, in a folder of their own."""
    session.say(b"hello", b"world")
    session.writer.flush()
    folder = tmp_path / "crashed"
    folder.mkdir()
    for suffix in ("", "-wal", "-shm"):
        shutil.copyfile(session.path + suffix, folder / f"session{suffix}")
    return folder / "session"


def test_a_session_left_by_a_crash_opens_with_all_that_was_flushed(crashed: Path) -> None:
    reader = SessionReader(crashed)
    assert [message.raw for message in reader.messages.page(1, 9)] == [b"hello", b"world"]
    assert not reader.ended_cleanly
    reader.close()


def test_a_crashed_session_opens_without_its_index_of_the_wal(crashed: Path) -> None:
    os.unlink(f"{crashed}-shm")
    reader = SessionReader(crashed)
    assert reader.messages.last_id() == 2
    reader.close()


def test_a_torn_end_of_the_wal_costs_only_what_it_held(crashed: Path, session) -> None:
    whole = os.path.getsize(f"{crashed}-wal")
    with open(f"{crashed}-wal", "ab") as file:
        file.write(random.Random(1).randbytes(5000))
    os.unlink(f"{crashed}-shm")
    reader = SessionReader(crashed)
    assert reader.messages.last_id() == 2
    reader.close()
    os.truncate(f"{crashed}-wal", whole - 100)
    os.unlink(f"{crashed}-shm")
    reader = SessionReader(crashed)
    assert reader.messages.last_id() == 0
    reader.close()


def test_the_main_file_alone_is_a_session(crashed: Path) -> None:
    os.unlink(f"{crashed}-shm")
    os.unlink(f"{crashed}-wal")
    reader = SessionReader(crashed)
    assert reader.about == {"title": "a test"}
    reader.close()


@pytest.mark.parametrize(
    ("missing", "last_id"),
    [((), 2), (("-shm",), 2), (("-shm", "-wal"), 0)],
    ids=["all files", "without -shm", "main file only"],
)
def test_a_crashed_session_opens_in_a_folder_that_cannot_be_written_to(
    crashed: Path, missing: tuple[str, ...], last_id: int
) -> None:
    for suffix in missing:
        os.unlink(f"{crashed}{suffix}")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "read-only"
        shutil.copytree(crashed.parent, target)
        for file in target.iterdir():
            file.chmod(0o444)
        target.chmod(0o555)
        os.chmod(folder, 0o755)
        temporary = Path(folder) / "tmp"
        temporary.mkdir()
        temporary.chmod(0o777)
        script = READ if last_id else READ.replace("reader.messages.page(1, 1)[0].text", "'-'")
        root = str(Path(next(iter(spawnscope.__path__))).parent)
        result = subprocess.run(
            [sys.executable, "-c", script, str(target / "session"), root],
            env={**os.environ, "TMPDIR": str(temporary)},
            capture_output=True,
            text=True,
        )
        target.chmod(0o755)
        assert result.stderr == ""
        assert result.stdout.startswith(f"{last_id} {'hello' if last_id else '-'} False\n")
        assert list(temporary.iterdir()) == []


def test_readers_share_one_copy_that_has_no_name(
    crashed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(opening, "_is_ours", lambda path: False)
    readers = [SessionReader(crashed), SessionReader(crashed), SessionReader(crashed)]
    copies = {os.readlink(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")
              if os.path.islink(f"/proc/self/fd/{number}")}  # fmt: skip
    assert sum(str(temporary) in name for name in copies) == 1
    assert os.listdir(temporary) == []
    for reader in (readers.pop(), readers.pop()):
        reader.close()
        reader.close()
    assert readers[0].messages.last_id() == 2
    with pytest.raises(SessionError):
        readers[0]._file.rows(tuple[str], "DELETE FROM meta")
    readers.pop().close()
    reader = SessionReader(crashed)
    assert reader.messages.last_id() == 2
    reader.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("suffix", ["", "-shm"])
def test_nothing_that_somebody_else_could_shrink_is_mapped(crashed: Path, suffix: str) -> None:
    os.chown(f"{crashed}{suffix}", 65534, 65534)
    reader = SessionReader(crashed)
    try:
        assert reader.messages.last_id() == 2
        assert f"{crashed}-shm" not in Path("/proc/self/maps").read_text()
    finally:
        reader.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_session_of_our_own_supervisor_is_read_live_whoever_seems_to_own_it(session) -> None:
    session.say(b"one")
    session.writer.flush()
    for suffix in ("", "-wal", "-shm"):  # as on a file system that knows one owner only
        os.chown(f"{session.path}{suffix}", 65534, 65534)
    opening.trust(session.path)
    with session.reader() as reader:
        session.say(b"two")
        session.writer.flush()
        assert reader.messages.last_id() == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_copy_that_is_cut_short_leaves_nothing(
    crashed: Path, tmp_path: Path, number: signal.Signals
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    script = (
        "import shutil, sys, time; sys.path.insert(0, sys.argv[2])\n"
        "from spawnscope.core.session import opening, reader\n"
        "def copy(source, target, size):\n"
        "    target.write(source.read(5000)); target.flush()\n"
        "    print('half', flush=True); time.sleep(60)\n"
        "shutil.copyfileobj = copy; opening._is_ours = lambda path: False\n"
        "reader.SessionReader(sys.argv[1])\n"
    )
    root = str(Path(next(iter(spawnscope.__path__))).parent)
    with subprocess.Popen(
        [sys.executable, "-c", script, str(crashed), root],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.send_signal(number)
        assert process.wait(20) == -number
    assert os.listdir(temporary) == []


def test_a_path_with_odd_characters_opens(session, tmp_path: Path) -> None:
    session.say(b"hello")
    session.writer.close()
    path = tmp_path / "a?b #c%20d&mode=rw é"
    os.rename(session.path, path)
    reader = SessionReader(path)
    assert reader.messages.last_id() == 1
    reader.close()


def test_opening_a_second_reader_leaves_the_first_ones_locks(session, tmp_path: Path) -> None:
    session.say(b"hello")
    session.writer.flush()
    hold = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from spawnscope.core.session.reader import SessionReader\n"
        "first = SessionReader(sys.argv[1]); SessionReader(sys.argv[1]).close()\n"
        "print(first.messages.last_id(), flush=True); sys.stdin.read(); first.close()"
    )
    root = str(Path(next(iter(spawnscope.__path__))).parent)
    with subprocess.Popen(
        [sys.executable, "-c", hold, session.path, root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"1\n"
        session.writer.close()
        assert os.path.exists(f"{session.path}-wal")  # not done away with under the first reader
        holder.communicate()
    assert single_file(session.path)


def test_reading_changes_nothing(session) -> None:
    session.say(b"hello")
    session.writer.close()
    before = Path(session.path).read_bytes()
    reader = SessionReader(session.path)
    reader.messages.page(1, 9)
    with pytest.raises(SessionError):
        reader._file.rows(tuple[str], "DELETE FROM meta")
    reader.close()
    assert Path(session.path).read_bytes() == before


def _missing(path: Path) -> None:
    pass


def _folder(path: Path) -> None:
    path.mkdir()


def _empty(path: Path) -> None:
    path.touch()


def _text(path: Path) -> None:
    path.write_text("just some text, long enough to be a header" * 10)


def _foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.close()


def _newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA application_id=0x53707753")
    connection.execute("PRAGMA user_version=99")
    connection.execute("CREATE TABLE t (x)")
    connection.close()


def _short(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_missing, "There is no session file at {}."),
        (_folder, "{} is a folder, not a session file."),
        (_empty, "{} is empty, not a session file."),
        (_text, "{} is not a session file."),
        (_foreign, "{} is an SQLite database, but not a Spawnscope session."),
        (_newer, "{} was made by a newer Spawnscope (format 99; this one reads up to 5)."),
        (_short, "{} is not a session file."),
        (_pipe, "{} is not a regular file, so it cannot be a session."),
    ],
)
def test_what_is_no_session_is_told_in_one_sentence(make, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    make(path)
    with pytest.raises(SessionError) as caught:
        SessionReader(path)
    assert str(caught.value) == sentence.format(path)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_read_or_told_never_more(seed: int, session, tmp_path: Path) -> None:
    for number in range(200):
        session.say(*[b"line %d" % number] * 60, process=number % 3, time_ns=number)
    session.writer.close()
    content = bytearray(Path(session.path).read_bytes())
    chance = random.Random(seed)
    if seed % 4 == 0:
        del content[chance.randrange(100, len(content)) :]
    for _ in range(chance.randrange(1, 60)):
        place = chance.randrange(100, len(content)) if len(content) > 100 else 0
        content[place] = chance.randrange(256)
    path = tmp_path / "damaged"
    path.write_bytes(content)
    try:
        reader = SessionReader(path)
    except SessionError as error:
        sentence = str(error)
    else:
        sentence = ""
        try:
            reader.messages.page(1, 20_000)
            reader.messages.heads(1, 100, bits=True)
            reader.processes.all()
        except SessionError as error:
            sentence = str(error)
        finally:
            reader.close()
    assert sentence == "" or str(path) in sentence


def test_two_threads_read_one_copy_at_one_time(
    session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Operation(1, 1, "put", "main", 1, 2, 0, None, "\u00e9", "ok", "a.py:1", "", 0)
    session.writer.shared.operations([one] * 1200)
    session.writer.flush()
    monkeypatch.setattr(opening, "_is_ours", lambda path: False)
    told: list[object] = []

    def read(text: str) -> None:
        try:
            with contextlib.closing(SessionReader(session.path)) as reader:
                for _ in range(40):
                    told.append(len(reader.operations.page(limit=1200, text=text)))
        except SessionError as error:
            told.append(str(error))

    with contextlib.closing(SessionReader(session.path)):
        # A function of SQLite cannot be defined while another statement is at work.
        threads = [threading.Thread(target=read, args=(text,)) for text in ("", "\u00c9", "\u00e9")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert told == [1200] * 120
