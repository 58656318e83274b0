"""What outlives the program that `record` ran: it is ended and says so, or waited for (--keep)."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from probing import TARGETS, Events
from recording import TIMEOUT, spawnscope

from spawnscope.core.supervisor.outcome import signal_name

pytestmark = pytest.mark.usefixtures("home")
KILLED = 128 + signal.SIGTERM


@contextmanager
def abandoned(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A recorded program that was killed when its child had begun to poll for `folder`/go-on."""
    (folder / "go-on").touch()
    command = spawnscope(
        "record", *options, "--jsonl", folder / "events.jsonl", "-o", folder / "s.spawnscope",
        TARGETS / "leaves_a_child.py", folder / "go-on",
    )  # fmt: skip
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as recording:
        assert recording.stdout is not None
        assert recording.stdin is not None
        assert recording.stdout.readline() == "polls\n"
        recording.stdin.write("\n")
        recording.stdin.flush()
        yield recording


def ends(folder: Path) -> tuple[dict[str, object], dict[str, object]]:
    """How the program and its child ended."""
    events = Events(folder / "events.jsonl")
    (main,) = events.of("process_started", role="worker")
    (child,) = events.of("process_started", parent=main["process"])
    found = [events.of("process_exited", process=p["process"])[0] for p in (main, child)]
    return found[0], found[1]


def test_what_is_taken_along_says_so(tmp_path: Path) -> None:
    with abandoned(tmp_path) as recording:
        assert recording.wait(TIMEOUT) == KILLED
        assert recording.stdout is not None
        assert recording.stdout.read() == ""
        assert recording.stderr is not None
        errors = recording.stderr.read()
    main, child = ends(tmp_path)
    whom = f"leaves_a_child.py (PID {main['pid']})"
    remark = f"It had outlived {whom}, and was ended with the session."
    assert child["signal"] == signal_name(signal.SIGTERM)
    assert str(child["outcome"]).endswith(f". {remark}")
    assert "outlived" not in str(main["outcome"])
    assert remark in errors
    note = f"poller (PID {child['pid']}) has outlived {whom}; it is ended with the session."
    assert note in Events(tmp_path / "events.jsonl").notes()


def test_what_is_kept_lives_to_its_end(tmp_path: Path) -> None:
    with abandoned(tmp_path, "--keep") as recording:
        assert recording.stderr is not None
        told = recording.stderr.readline()
        (tmp_path / "go-on").unlink()
        assert recording.wait(TIMEOUT) == KILLED
        assert recording.stdout is not None
        assert recording.stdout.read() == "polled\n"
    main, child = ends(tmp_path)
    assert f"it left poller (PID {child['pid']}), waited for now" in told
    assert (main["signal"], child["exit_code"]) == ("SIGTERM", 0)
    assert "outlived" not in str(child["outcome"])


def test_what_is_kept_can_be_ended(tmp_path: Path) -> None:
    with abandoned(tmp_path, "--keep") as recording:
        assert recording.stderr is not None
        assert "waited for now" in recording.stderr.readline()
        os.kill(recording.pid, signal.SIGTERM)
        assert recording.wait(TIMEOUT) == KILLED
        assert recording.stdout is not None
        assert recording.stdout.read() == ""
    child = ends(tmp_path)[1]
    assert child["signal"] == "SIGTERM"
    assert "It had outlived" in str(child["outcome"])


def test_what_spawnscope_asked_to_end_says_so(tmp_path: Path) -> None:
    command = spawnscope(
        "record", "--timeout", "0.5", "--jsonl", tmp_path / "events.jsonl", "--", "sleep", "60"
    )
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT)
    assert done.returncode == KILLED
    (end,) = Events(tmp_path / "events.jsonl").of("process_exited", signal="SIGTERM")
    assert str(end["outcome"]).endswith(": Spawnscope asked it to end.")
