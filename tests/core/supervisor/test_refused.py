"""Processes that may not be signalled: all else is ended, it is said, and nobody waits for them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from live import TARGETS, alive
from recording import TIMEOUT, spawnscope
from weak import run_weakly, weakly

from spawnscope.core.session.reader import SessionReader

pytestmark = pytest.mark.usefixtures("home")
_WHY = "it runs as nobody, and you may not send signals to it"


@pytest.fixture
def strangers(tmp_path: Path) -> Iterator[list[int]]:
    """The pids that the program wrote into "stranger" are killed by us, who may."""
    found: list[int] = []
    yield found
    note = tmp_path / "stranger"
    for pid in [*found, *(map(int, note.read_text().split()) if note.exists() else ())]:
        if alive(pid):
            os.kill(pid, signal.SIGKILL)


_START = """
with Live(path) as live:
    root = live.script("changes_user", grace_seconds=0.3)
    stranger = int(live.says(root, "stranger").split()[1])
    (path.parent / "stranger").write_text(str(stranger))
    ours = int(live.says(root, "ours").split()[1])

    def failures():
        return [e for e in live.of(StopProgress) if e.step is StopStep.FAILED]
"""


def test_record_ends_all_else_and_comes_back(tmp_path: Path, strangers: list[int]) -> None:
    path = tmp_path / "s.spawnscope"
    program = spawnscope("record", "--grace", "0.3", "-o", path, TARGETS / "changes_user.py")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(weakly(*program), text=True, **pipes) as recording:
        assert recording.stdout is not None
        pids = dict(recording.stdout.readline().split() for _ in range(2))
        recording.terminate()
        assert recording.wait(TIMEOUT) == 128 + signal.SIGTERM
        assert recording.stderr is not None
        errors = recording.stderr.read()
    strangers.append(int(pids["stranger"]))
    assert alive(int(pids["stranger"]))
    assert not alive(int(pids["ours"]))
    reader = SessionReader(path)
    told = [m.text for m in reader.messages.page(1, 100)]
    assert reader.ended_cleanly
    reader.close()
    wanted = f"sleep (PID {pids['stranger']}) could not be ended: {_WHY}. All else has ended."
    assert any(text.endswith(wanted) for text in told), told
    assert f"spawnscope: Of all that was started, {wanted}\n" in errors


def test_a_stop_that_failed_can_be_repeated_and_is_no_restart(
    tmp_path: Path, strangers: list[int]
) -> None:
    body = """
    for count in (1, 2):
        live.client.stop(root, tree=True)
        live.until(lambda: len(failures()) == count, what="the failure")
        assert not alive(ours) and alive(stranger)
    live.client.restart(root)
    refused = live.until(lambda: live.of(LaunchRefused), what="a refusal")
    assert said(refused[0]).endswith("is not started again: something of it still lives.")
    assert len(live.of(WorkerStarted)) == 1
    """
    run_weakly(tmp_path, _START + body)


def test_a_signal_to_one_of_them_says_why_it_was_not_sent(
    tmp_path: Path, strangers: list[int]
) -> None:
    body = f"""
    number = next(e.process for e in live.below(root) if e.pid == stranger)
    live.client.signal(number, signal.SIGTERM)
    live.says(number, f"SIGTERM was not sent to sleep (PID {{stranger}}): {_WHY}.")
    live.client.stop(number)
    failed = live.until(failures)[0]
    assert stopping(failed) == f"sleep (PID {{stranger}}) could not be ended: {_WHY}."
    assert [e.step for e in live.of(StopProgress)] == [StopStep.FAILED]
    """
    run_weakly(tmp_path, _START + body)


def test_after_a_killed_supervisor_nobody_waits_for_them(
    tmp_path: Path, strangers: list[int]
) -> None:
    body = """
    live.until(lambda: live.of(SessionOpened))
    os.kill(live.of(SessionOpened)[0].supervisor_pid, signal.SIGKILL)
    live.until(lambda: live.client.lost)
    live.client.end_leftovers()
    assert not alive(ours) and alive(stranger)
    """
    run_weakly(tmp_path, _START + body)
