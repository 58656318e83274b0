"""However the client's process ends, and whoever is suspended then: nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from live import TARGETS, Live, alive
from processes import descendants
from waiting import wait_until

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import SessionOpened

PROGRAM = """
import sys
sys.path.append({support!r})
from live import Live
live = Live({path!r})
live.script("stubborn_family", "clean", grace_seconds=0.5)
live.says(None, "ready")
sys.stdin.readline()
{end}
"""


def test_a_client_that_just_ends_takes_its_session_along(tmp_path: Path) -> None:
    path = tmp_path / "s.spawnscope"
    program = PROGRAM.format(
        support=str(TARGETS.parent / "support"), path=str(path), end="sys.exit(3)"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stderr=pipe) as client:
        pids = wait_until(lambda: found if len(found := descendants(client.pid)) > 7 else [], 20)
        client.communicate(b"\n", timeout=10)
        wait_until(lambda: not any(map(alive, pids)), 10, "the end of all")
    reader = SessionReader(path)
    try:
        assert reader.ended_cleanly
    finally:
        reader.close()


def test_a_supervisor_that_is_held_ends_when_its_client_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "s.spawnscope"
    program = PROGRAM.format(support=str(TARGETS.parent / "support"), path=str(path), end="pass")
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as client:
        pids = wait_until(lambda: found if len(found := descendants(client.pid)) > 7 else [], 20)
        os.kill(pids[1], signal.SIGSTOP)
        client.kill()
    wait_until(lambda: not any(map(alive, pids)), 10, "the end of all")


def test_a_client_that_is_closed_wakes_who_is_suspended(tmp_path: Path) -> None:
    path = tmp_path / "s.spawnscope"
    with Live(path) as live:
        live.script("three_children", "fork")
        guardian = live.client._process.pid
        assert guardian is not None
        pids = [guardian, live.until(lambda: live.of(SessionOpened))[0].supervisor_pid]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
    assert not any(map(alive, pids))
    reader = SessionReader(path)
    try:
        assert reader.ended_cleanly
    finally:
        reader.close()


def test_the_steps_of_an_end_never_wait(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.script("stubborn_family", "clean")
        live.says(root, "ready")
        supervisor = live.until(lambda: live.of(SessionOpened))[0].supervisor_pid
        family = descendants(supervisor)
        guardian = live.client._process.pid
        assert guardian is not None
        ending = live.client.begin_ending(patience=60)
        assert not ending.step()  # who has so much patience does not kill anybody
        assert alive(supervisor)
        for pid in (guardian, supervisor):
            os.kill(pid, signal.SIGKILL)
        wait_until(ending.step, 10, "the end")
        assert not any(map(alive, [supervisor, *family]))
        assert ending.leftovers >= len(family)
