"""What is not instrumented bears a mark where its name stands, and so does the root of its run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from panel_store import store_of
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from spawnscope.core.vocabulary.codes import Unwatched
from spawnscope.core.vocabulary.events import ProcessStarted, ProcessWatched, Role, WorkerStarted
from spawnscope.gui.kit.style import theme
from spawnscope.gui.panels.processes.columns import COLUMNS, NAME
from spawnscope.gui.panels.processes.panel import ProcessesPanel

APP, CHILD, TRACKER = 2, 3, 4


@pytest.fixture
def panel(new_panel: Callable[[], ProcessesPanel], make: Any, qtbot: QtBot) -> ProcessesPanel:
    panel = new_panel()

    def started(number: int, parent: int, role: Role) -> ProcessStarted:
        return ProcessStarted(
            number, 1000 + number, 1, 1, parent, 1, 7, f"name {number}", role, None, ()
        )

    store_of(panel).apply(
        [
            make.started(1, None, Role.SUPERVISOR),
            started(APP, 1, Role.WORKER),
            WorkerStarted(1, 7, APP, "app.py"),
            started(CHILD, APP, Role.CHILD),
            started(TRACKER, APP, Role.RESOURCE_TRACKER),
        ]
    )
    qtbot.waitUntil(lambda: panel.model.index_of(CHILD).isValid())
    return panel


def tip(panel: ProcessesPanel, process: int) -> str:
    index = panel.model.index_of(process, COLUMNS.index(NAME))
    return str(index.data(Qt.ItemDataRole.ToolTipRole))


def has_mark(panel: ProcessesPanel, process: int, meaning: str) -> bool:
    """Whether the name's cell shows something in the colour of the mark."""
    rect = panel.tree.visualRect(panel.model.index_of(process))
    rect.setLeft(rect.right() - 20)
    picture = panel.tree.viewport().grab(rect).toImage()
    wanted = theme.color(getattr(theme.current(), meaning)).rgb()
    points = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
    return any(picture.pixel(*point) == wanted for point in points)


def test_it_and_the_root_of_its_run_bear_a_mark(panel: ProcessesPanel, qtbot: QtBot) -> None:
    assert not has_mark(panel, CHILD, "warning")
    assert not has_mark(panel, APP, "muted")
    event = ProcessWatched(CHILD, 5, False, code=Unwatched.ISOLATED)
    store_of(panel).apply([event])
    reason = "Not instrumented: it runs with -I, which isolates Python from its environment."
    qtbot.waitUntil(lambda: reason in tip(panel, CHILD))
    qtbot.waitUntil(lambda: has_mark(panel, CHILD, "warning"))
    assert "1 process below it is not instrumented" in tip(panel, APP)
    assert has_mark(panel, APP, "muted")
    spoken = panel.model.index_of(CHILD).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"name {CHILD}, not instrumented"


def test_nobody_misses_the_recorder_of_a_helper(panel: ProcessesPanel, qtbot: QtBot) -> None:
    store_of(panel).apply([ProcessWatched(TRACKER, 5, False, code=Unwatched.ISOLATED)])
    store_of(panel).apply([ProcessWatched(CHILD, 6, True)])
    qtbot.waitUntil(lambda: panel.model.shown_row(CHILD).watched is True)  # type: ignore[union-attr]
    assert "not instrumented" not in tip(panel, APP)
    assert not has_mark(panel, APP, "muted")
