"""A recorded session: its objects, their operations, and what its processes were in at the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import (
    Doing,
    ProcessExited,
    ProcessStarted,
    ProcessWatched,
    Role,
)
from spawnscope.gui.panels.panels import PANELS, TRAFFIC
from spawnscope.gui.panels.processes.columns import DOING
from spawnscope.gui.panels.traffic.columns import DEPTH, INWARD
from spawnscope.gui.panels.traffic.panel import TrafficPanel
from spawnscope.gui.shell.session_view import SessionView


def started(number: int, parent: int | None) -> ProcessStarted:
    return ProcessStarted(number, 1000 + number, 1, 10, parent, 1, None, "w", Role.WORKER, None, ())


def test_a_past_session_shows_what_was_shared(qtbot: QtBot, tmp_path: Path, make: Any) -> None:
    path = tmp_path / "past.spawnscope"
    writer = SessionWriter(path, about={})
    for event in (started(1, None), started(2, 1), started(3, 1)):
        writer.process_started(event)
    writer.shared.created(make.created(1, "Queue", "jobs", 10))
    writer.shared.state(make.state(1, puts=3, depth=2))
    writer.shared.operations([make.operation(1), make.operation(1, "Full")])
    writer.shared.watched(ProcessWatched(3, 11, False, "It is not Python."))
    doing = (Doing("MainThread", "get", 1, 5, "", ""),)
    writer.process_exited(ProcessExited(2, 1002, 20, None, "SIGKILL", "Killed.", doing, ()))
    writer.flush()
    writer.close()
    view = SessionView()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    view.show_recorded(str(path))
    view.tabs.show_place([row.name for row in PANELS].index(TRAFFIC))
    panel = view.made[TRAFFIC]
    assert isinstance(panel, TrafficPanel)
    assert panel.model.index(1, DEPTH).data() == "2 / 10"
    assert panel.model.index(1, INWARD).data() == ""
    assert panel.select(1)
    assert panel.detail.operations.rowCount() == 2
    assert not panel.is_beating
    assert DOING.text(view.store.processes[2], 0) == "died in get from jobs"
    assert DOING.text(view.store.processes[3], 0) == "not instrumented"
    view.close_session()
