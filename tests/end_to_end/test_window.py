"""A person launches, watches and stops real programs in the real window."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from live import alive
from waiting import wait_until
from window import Window, open_window

pytestmark = pytest.mark.timeout(120)


def session_files(window: Window) -> set[str]:
    """The session files that the window's process has open."""
    folder = Path(f"/proc/{window.process.pid}/fd")
    targets = {os.readlink(each) for each in folder.iterdir() if each.is_symlink()}
    return {target for target in targets if target.endswith(".spawnscope")}


def below_the_supervisor(window: Window) -> list[dict[str, str]]:
    """The rows of processes, but for folds: where forkserver is the default, of its helpers."""
    return [row for row in window.rows() if row["Role"] not in ("supervisor", "")]


def agrees(window: Window) -> bool:
    """Say that it may be ended anyway, if that is asked."""
    button = window.root.find("Terminate anyway", "push button")
    if button is not None:
        button.press()
    return button is not None


def test_an_example_is_started_watched_and_stopped_by_hand(x_display: str, home: Path) -> None:
    with open_window(x_display) as window:
        window.click(window.find("Start Image pipeline", "push button"))

        def family() -> list[dict[str, str]]:
            rows = below_the_supervisor(window)
            return rows if len(rows) >= 6 and rows[0]["Role"] == "worker" else []

        rows = wait_until(family, 30, "a worker with its children")
        worker, *children = rows
        assert worker["Name"] == "Image pipeline"
        if multiprocessing.get_all_start_methods()[0] == "fork":  # else the forkserver's
            assert {row["PPID"] for row in children} == {worker["PID"]}
        pids = [int(row["PID"]) for row in rows]
        assert all(map(alive, pids))
        wait_until(lambda: any("fetched" in text for text in window.messages()), 20, "messages")

        # A click on the button in a child's row ends that child, and no other.
        doomed = next(row for row in window.processes() if row["PID"].name == children[-1]["PID"])
        assert doomed["Terminate"].name == "Terminate"
        window.click(doomed["Terminate"])
        # Others may miss what it has in hand just now: that is asked first.
        wait_until(lambda: not alive(pids[-1]) or agrees(window), 10, "the end of the child")
        wait_until(lambda: not alive(pids[-1]), 10, "the end of the child")
        ended = wait_until(
            lambda: next(
                (r for r in window.rows() if r["PID"] == str(pids[-1]) and r["Exit"]), None
            ),
            10,
            "the outcome in its row",
        )
        assert "SIGTERM" in ended["Exit"]
        assert all(map(alive, pids[:-1]))

        assert window.quit() == 0
        wait_until(lambda: not any(map(alive, pids)), 5, "the end of all")
    assert window.process.returncode == 0
    (session,) = (home / ".data" / "spawnscope" / "sessions").iterdir()
    assert session.suffix == ".spawnscope"  # and nothing beside it, such as a WAL


def test_a_reader_of_the_screen_can_start_a_worker_read_it_and_end_it(
    x_display: str, home: Path
) -> None:
    with open_window(x_display) as window:
        window.find("Start Image pipeline", "push button").press()
        wait_until(lambda: len(below_the_supervisor(window)) >= 3, 20, "its processes")
        wait_until(lambda: any("fetched" in t for t in window.messages()), 20, "its messages")
        tree = window.find("Processes", "tree")
        rows = window.processes()
        worker = next(row for row in rows if row["Role"].name == "worker")
        pid = int(worker["PID"].name)
        position = [child.path for child in tree.children].index(worker["Name"].path)
        tree.select_child(position)
        window.find("Terminate tree", "push button").press()
        wait_until(lambda: not alive(pid), 10, "its end")


def test_the_window_says_so_when_the_supervisor_is_killed_and_can_begin_anew(
    x_display: str, home: Path
) -> None:
    with open_window(x_display) as window:
        window.click(window.find("Start Image pipeline", "push button"))
        wait_until(lambda: len(below_the_supervisor(window)) >= 4, 20, "its processes")
        rows = window.rows()
        pids = [int(row["PID"]) for row in rows if row["PID"]]
        window.key("ctrl+2", "ctrl+3", "ctrl+4", "ctrl+5", "ctrl+1")  # every panel reads it
        before = wait_until(lambda: session_files(window), 20, "the session's file, open")
        os.kill(pids[0], signal.SIGKILL)
        wait_until(lambda: not any(map(alive, pids)), 10, "the end of all")
        window.find("The supervisor has died.", "label")
        assert {r["PID"] for r in window.rows() if r["PID"]} == {str(pid) for pid in pids}
        window.click(window.find("Start a new session", "push button"))
        wait_until(lambda: len(window.rows()) == 1 and window.rows()[0]["PID"] != str(pids[0]), 20)
        window.click(window.find("Start First process", "push button"))
        wait_until(lambda: len(below_the_supervisor(window)) == 2, 20, "the example")
        assert not session_files(window) & before  # the old one was let go of
        assert window.quit() == 0


def test_a_window_that_is_killed_leaves_nobody(x_display: str, home: Path) -> None:
    with open_window(x_display) as window:
        window.click(window.find("Start Image pipeline", "push button"))
        wait_until(lambda: len(below_the_supervisor(window)) >= 4, 20, "its processes")
        pids = [int(row["PID"]) for row in window.rows() if row["PID"]]
        window.process.kill()
        wait_until(lambda: not any(map(alive, pids)), 15, "the end of all")


def test_a_recorded_session_is_shown_as_it_was_at_its_end(
    x_display: str, home: Path, tmp_path: Path
) -> None:
    import subprocess
    import sys

    from window import MAIN

    path = tmp_path / "s.spawnscope"
    example = MAIN.parent / "resources" / "examples" / "first_process.py"
    subprocess.run(
        [sys.executable, str(MAIN), "record", "--quiet", "-o", str(path), str(example)],
        check=True,
        capture_output=True,
    )
    with open_window(x_display, "open", str(path)) as window:
        rows = wait_until(lambda: below_the_supervisor(window), 20)
        assert [row["Role"] for row in rows] == ["worker", "child"]
        assert all("Ended normally" in row["Exit"] for row in rows)
        wait_until(lambda: any("pid" in t.lower() for t in window.messages()), 10, "messages")
        assert window.quit() == 0
