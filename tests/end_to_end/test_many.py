"""Hundreds of processes at once, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from live import alive
from processes import descendants
from waiting import wait_until
from window import open_window

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(120)]

MANY = 400


def test_hundreds_of_selected_processes_are_terminated_and_the_window_goes_on(
    x_display: str, home: Path
) -> None:
    crowd = ("run", "--count", str(MANY), "--no-probe", "--", "sleep", "60")
    with open_window(x_display, *crowd) as window:
        tree = window.find("Processes", "tree")

        def rows() -> int:
            return int(window.reader.get(tree, "org.a11y.atspi.Table", "NRows"))

        wait_until(lambda: rows() == MANY + 1, 60, "all of them and the supervisor, in the tree")
        pids = descendants(window.process.pid)[2:]
        window.click(tree)
        window.key("ctrl+a", "Delete")
        wait_until(lambda: not any(map(alive, pids)), 20, "the end of all")
        # It does not ask, or no more as soon as it has heard of every end.
        window.key("ctrl+q")
        assert window.process.wait(60) == 0
