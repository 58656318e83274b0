"""A session is open once for all panels; and once it is left, no more."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from panel_places import INSPECTOR, TIMELINE, TRAFFIC, WIRING
from pytestqt.qtbot import QtBot
from recording import record

from spawnscope.gui.shell.session_view import SessionView


def opened(path: Path) -> int:
    """How many times this process has the session open."""
    count = 0
    for entry in os.scandir("/proc/self/fd"):
        if os.path.islink(entry) and os.readlink(entry) == str(path):
            count += 1
    return count


def test_no_panel_keeps_the_file_of_a_session_that_is_left(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "s.spawnscope"
    assert record("--quiet", "-o", path, "--", "echo", "a line").returncode == 0
    view = SessionView()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    view.show_recorded(str(path))
    view.processes.select(2)
    for place in (TRAFFIC, WIRING, TIMELINE, INSPECTOR):
        view.tabs.show_place(place)
    timeline = view.made["timeline"]
    source: Any = timeline
    qtbot.waitUntil(lambda: source.source.timeline is not None)
    assert opened(path) == 1  # one reader, lent to all
    messages: Any = view.panel("messages")
    messages.finding.open()
    view.close_session()
    assert opened(path) == 0
    view.tabs.show_place(WIRING)
    view.tabs.show_place(TIMELINE)
    assert timeline.isVisible()
    assert opened(path) == 0  # also when somebody looks at it again
