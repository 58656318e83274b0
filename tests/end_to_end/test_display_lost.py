"""The display goes, as it does when somebody logs out: the session ends, and so does the window."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from displays import virtual_display
from live import TARGETS
from processes import command_line, descendants, is_alive
from recording import record
from waiting import wait_until
from window import shown

from spawnscope.core.session.reader import SessionReader

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(120)]

FAMILY = ("run", "--grace", "0.5", str(TARGETS / "stubborn_family.py"), "clean")
MEMBERS = 8  # guardian, supervisor, and a family of six: five, and what one of them waits with


def below(window: subprocess.Popen[bytes]) -> list[int]:
    """The window's guardian, its supervisor, and the family, once all of it stands."""

    def family() -> list[int]:
        pids = descendants(window.pid)
        return pids if len(pids) >= MEMBERS else []

    return wait_until(family, 30, "the family")


def is_shown(display: str, title: str) -> bool:
    """Whether there is a window of that title."""
    look = ["xdotool", "search", "--onlyvisible", "--name", title]
    environment = {**os.environ, "DISPLAY": display}
    return subprocess.run(look, env=environment, capture_output=True).returncode == 0


def threads(pid: int) -> set[str]:
    """The names of a process's threads."""
    return {task.read_text().strip() for task in Path(f"/proc/{pid}/task").glob("*/comm")}


def sleeps_in(pid: int) -> str:
    """The function of the kernel that the main thread sleeps in."""
    return Path(f"/proc/{pid}/task/{pid}/wchan").read_text()


def all_ended(pids: list[int]) -> None:
    """Wait for the end of them all."""
    wait_until(
        lambda: not any(map(is_alive, pids)),
        10,
        "the end of " + ", ".join(command_line(pid) for pid in pids if is_alive(pid)),
    )


def all_closed(home: Path, count: int) -> None:
    """Each session was closed in order, with all that it had."""
    paths = list(home.rglob("*.spawnscope"))
    assert len(paths) == count
    for path in paths:
        reader = SessionReader(path)
        try:
            assert reader.ended_cleanly
        finally:
            reader.close()


def test_when_the_display_goes_every_window_ends_with_its_session(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "past.spawnscope"
    record("--quiet", "-o", path, "--", "true")
    with (
        virtual_display() as display,
        shown(display, *FAMILY) as at_work,
        shown(display, *FAMILY) as leaving,
        shown(display, "open", str(path)) as past,
    ):
        pids = below(at_work) + below(leaving)
        wait_until(lambda: is_shown(display, "past.spawnscope"), 20, "the recorded session")
        leaving.send_signal(signal.SIGTERM)
        display.server.kill()
        for window in (at_work, leaving, past):
            assert window.wait(5) != 0
        all_ended(pids)
        all_closed(home, 2)


def test_a_display_that_goes_while_the_window_starts_takes_the_session_along(home: Path) -> None:
    with virtual_display() as display, shown(display, *FAMILY) as window:
        wait_until(lambda: "QXcbEventQueue" in threads(window.pid), 20, "a connection")
        pids = descendants(window.pid)
        display.server.kill()
        assert window.wait(5) != 0
        all_ended(pids)


def test_a_supervisor_that_is_held_when_the_display_goes_ends_too(home: Path) -> None:
    with virtual_display() as display, shown(display, *FAMILY) as window:
        pids = below(window)
        for pid in pids[:2]:
            os.kill(pid, signal.SIGSTOP)
        display.server.terminate()
        assert window.wait(5) != 0
        all_ended(pids)
        all_closed(home, 1)


def test_a_window_whose_display_hangs_can_be_ended_by_a_signal(home: Path) -> None:
    with virtual_display() as display, shown(display, *FAMILY) as window:
        pids = below(window)
        os.kill(display.server.pid, signal.SIGSTOP)
        # The window draws the next figures, and waits for an answer: asleep, but not on its events.
        wait_until(lambda: "futex" in sleeps_in(window.pid), 30, "a window that hangs")
        window.send_signal(signal.SIGTERM)  # if it has the interpreter's lock, a second is needed
        wait_until(lambda: window.poll() is not None or window.send_signal(signal.SIGTERM), 10)
        all_ended(pids)
        all_closed(home, 1)


def test_a_wayland_compositor_that_goes_takes_the_session_along(home: Path) -> None:
    if shutil.which("weston") is None:
        pytest.skip("no weston on this machine: NOT TESTED on Wayland")
    name = "spawnscope-test"
    weston = subprocess.Popen(
        ["weston", "--backend=headless-backend.so", f"--socket={name}", "--idle-time=0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until((home / ".runtime" / name).exists, 20, "a compositor")
        settings = {"WAYLAND_DISPLAY": name, "QT_QPA_PLATFORM": "wayland"}
        with shown("", *FAMILY, **settings) as window:
            pids = below(window)
            weston.kill()
            assert window.wait(5) != 0
            all_ended(pids)
            all_closed(home, 1)
    finally:
        weston.kill()
        weston.wait()
