"""A disk that is full: nothing is lost without a word, and what has ended has an end.

The disk is a tmpfs of a few hundred KiB in a mount namespace of its own, where that is allowed.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from recording import TIMEOUT, record, run, spawnscope

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import Stream

pytestmark = pytest.mark.usefixtures("home")

ON_A_SMALL_DISK = ["unshare", "-m", "--propagation", "private", "sh", "-c"]
TALKS = "for line in range(20_000): print('line', line, 'of a program that talks', flush=True)"


def on_a_small_disk(script: str, disk: Path, size: str, *arguments: str) -> Any:
    """Run a script of sh with `disk` mounted anew; skipped where that is not allowed."""
    probe = [*ON_A_SMALL_DISK, f"mount -t tmpfs none {disk}"]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("no mount namespaces here: a full disk is not tested")
    mount = f"mount -t tmpfs -o size={size} none {disk} && "
    return subprocess.run(
        [*ON_A_SMALL_DISK, mount + script, "sh", *arguments],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=TIMEOUT,
    )


def test_a_session_on_a_full_disk_does_not_begin_and_says_so(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = spawnscope("record", "-o", disk / "session", "--", "echo", "hello")
    fill = f"dd if=/dev/zero of={disk}/filler bs=64k 2>/dev/null; ls {disk} >&2; "
    done = on_a_small_disk(
        fill + 'timeout 20 "$@"; s=$?; ls ' + f"{disk}; exit $s", disk, "512k", *command
    )
    assert done.returncode == 1
    said = done.stderr.decode().splitlines()
    assert said[0] == "filler"
    assert len(said) == 2
    assert re.fullmatch(
        r"spawnscope: (The session .* cannot be made: database or disk is full|"
        r"A session cannot begin in '.*': No space left on device)\.",
        said[1],
    )
    assert done.stdout == b"filler\n"


def test_on_a_disk_that_fills_up_nothing_is_lost(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = spawnscope("record", "-o", disk / "session", "--", sys.executable, "-c", TALKS)
    errors = tmp_path / "errors"
    script = (
        f'"$@" 2>{errors} & pid=$!; '
        f'until grep -q "Workers that write wait until it can." {errors}; do sleep 0.05; done; '
        f"kill -TERM $pid; wait $pid; s=$?; cp {disk}/session* {tmp_path}; exit $s"
    )
    done = on_a_small_disk(script, disk, "1800k", *command)
    said = errors.read_text()
    assert "Killed by SIGTERM" in said
    reader = SessionReader(tmp_path / "session")
    try:
        assert reader.ended_cleanly
        assert [record.exited is None for record in reader.processes.all()] == [True, False]
        written = done.stdout.decode().splitlines()
        assert 1000 < len(written) < 20_000
        messages = reader.messages.page(1, reader.messages.last_id())
        assert [m.text for m in messages if m.stream is Stream.STDOUT] == written
    finally:
        reader.close()


def test_what_does_not_fit_is_counted_and_what_ended_has_an_end(session: Any, events: Any) -> None:
    writer = session.writer
    writer.process_started(events.started(1))
    session.say(b"first")
    writer.flush()
    connection = writer._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages + 2}")
    session.say(*[b"x" * 100] * 5000)
    writer.process_exited(events.exited(1))
    missing = writer.close(1)
    assert re.match(r"The last 5,000 lines of the session are missing: .* full\.$", missing)
    with session.reader() as reader:
        assert reader.ended_cleanly
        assert reader.processes.all()[0].exited == events.exited(1)
        first, note = reader.messages.page(1, 9)
    assert (first.raw, note.text, note.stream) == (b"first", missing, Stream.SPAWNSCOPE)


def test_where_not_even_that_fits_it_is_said(session: Any, events: Any) -> None:
    writer = session.writer
    connection = writer._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")
    session.say(*[b"x" * 100] * 50)
    for number in range(1, 200):
        writer.process_started(events.started(number))
    with pytest.raises(SessionError, match="The last 50 lines of the session are missing"):
        writer.close(1)
    with session.reader() as reader:
        assert not reader.ended_cleanly


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
def test_what_somebody_else_put_beside_is_told_in_a_sentence(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"session{suffix}").mkdir()  # cannot be removed either
    with pytest.raises(SessionError, match=r"lies beside it and cannot be removed \(.*\)"):
        SessionWriter(tmp_path / "session", about={})
    assert not (tmp_path / "session").exists()


def test_another_users_wal_in_a_shared_folder_is_told_in_a_sentence(tmp_path: Path) -> None:
    # Able to read this checkout, and as an ordinary user else.
    someone = [
        "setpriv", "--reuid=65533", "--regid=65533", "--clear-groups",
        "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
    ]  # fmt: skip
    if os.geteuid() != 0 or subprocess.run([*someone, "true"], capture_output=True).returncode:
        pytest.skip("not root: another user's files are not tested")
    with tempfile.TemporaryDirectory() as shared:
        os.chmod(shared, 0o1777)
        theirs = Path(shared, "session-wal")
        theirs.touch()
        os.chown(theirs, 65534, 65534)
        command = spawnscope("record", "-o", f"{shared}/session", "--", "true")
        environment = {**os.environ, "HOME": shared}
        done = subprocess.run([*someone, *command], env=environment, capture_output=True)
        assert done.returncode == 1
        assert done.stderr.decode() == (
            f"spawnscope: A session cannot begin in '{shared}/session': '{theirs}' lies beside it "
            "and cannot be removed (Operation not permitted); choose another name.\n"
        )
        assert os.listdir(shared) == ["session-wal"]


def test_what_an_earlier_session_left_beside_is_removed(tmp_path: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        (tmp_path / f"session{suffix}").write_bytes(b"\0" * 5000)
    SessionWriter(tmp_path / "session", about={}).close()
    assert [path.name for path in tmp_path.glob("session*")] == ["session"]


def test_what_tells_of_a_program_is_for_its_owner_only(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.touch()
    kept.chmod(0o644)
    outputs = ("-o", tmp_path / "session", "--jsonl", tmp_path / "events")
    assert record("--quiet", *outputs, "--", "true").returncode == 0
    tables = tmp_path / "tables"
    export = ("export", tmp_path / "session", "--format")
    assert run(*export, "csv", "-o", tables).returncode == 0
    assert run(*export, "jsonl", "-o", kept).returncode == 0
    private = [tmp_path / "events", *tables.iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o644
    assert b"process_started" in kept.read_bytes()


def test_the_log_is_for_its_owner_only(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from spawnscope.core.log_file import log, log_path

    log("something")
    assert stat.S_IMODE(os.stat(log_path()).st_mode) == 0o600


def test_who_reads_stderr_may_leave_before_the_summary(tmp_path: Path) -> None:
    command = spawnscope("record", "--", "sh", "-c", "read line")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        assert process.stdin is not None
        process.stderr.close()
        process.stdin.write(b"go\n")
        process.stdin.close()
        assert process.wait(TIMEOUT) == 0
