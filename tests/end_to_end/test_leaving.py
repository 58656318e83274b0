"""Closing the window: it ends what runs, visibly, and a second close waits for nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from live import TARGETS, alive
from waiting import wait_until
from window import MAIN, Window, open_window

pytestmark = pytest.mark.timeout(120)
STUBBORN = ("run", "--grace", "60", str(TARGETS / "stubborn_family.py"))


def family(window: Window) -> list[int]:
    """The pids of a family that ignores SIGTERM, its supervisor first."""
    rows = wait_until(lambda: window.rows() if len(window.rows()) >= 6 else [], 20, "a family")
    return [int(row["PID"]) for row in rows]


def test_a_window_whose_supervisor_has_died_closes_at_once(x_display: str, home: Path) -> None:
    with open_window(x_display, *STUBBORN) as window:
        pids = family(window)
        os.kill(pids[0], signal.SIGKILL)
        window.find("The supervisor has died.", "label")
        assert window.quit() == 0
        assert not any(map(alive, pids))


@pytest.mark.parametrize("stopped", [False, True])
def test_a_second_close_ends_everything_at_once(x_display: str, home: Path, stopped: bool) -> None:
    with open_window(x_display, *STUBBORN) as window:
        pids = family(window)
        if stopped:
            os.kill(pids[0], signal.SIGSTOP)
        window.wish_to_leave()
        window.end_and_leave()
        window.find("Ending ", "label")
        assert window.process.poll() is None
        window.wish_to_leave()
        assert window.process.wait(15) == 0
        wait_until(lambda: not any(map(alive, pids)), 5, "the end of all")


def test_leaving_asks_once_what_would_be_ended_and_return_stays(x_display: str, home: Path) -> None:
    with open_window(x_display, *STUBBORN) as window:
        pids = [pid for pid in family(window) if alive(pid)]
        window.wish_to_leave()
        question = wait_until(window.question, 20, "a question")
        assert question.find("4 processes still run", "label")
        assert question.find("stubborn_family.py", "label")
        wait_until(lambda: pressed_return(window), 20, "the end of the question")
        assert all(map(alive, pids))
        window.process.send_signal(signal.SIGTERM)  # a signal does not ask
        window.find("Ending 4 processes", "label")
        window.process.send_signal(signal.SIGTERM)
        assert window.process.wait(15) == 0
        wait_until(lambda: not any(map(alive, pids)), 5, "the end of all")


def pressed_return(window: Window) -> bool:
    """Return goes to the question once it has the keyboard, and to its default."""
    window.key("Return")
    return window.question() is None


@pytest.mark.parametrize(
    ("display", "said"),
    [
        ("", "DISPLAY is not set"),
        ("garbage", "that is no name of one"),
        ("localhost:4711", "no X server answers there"),
        (":4711", "no X server listens there"),
    ],
)
def test_without_a_display_there_is_one_sentence(home: Path, display: str, said: str) -> None:
    environment = {**os.environ, "DISPLAY": display}
    environment.pop("QT_QPA_PLATFORM", None)
    environment.pop("WAYLAND_DISPLAY", None)
    done = subprocess.run(
        [sys.executable, str(MAIN)], env=environment, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
