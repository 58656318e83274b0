"""Of the rows of live processes, only those cells are painted that look different."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import Doing, ProcessDoing
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.processes.columns import COLUMNS, DOING, ELAPSED
from spawnscope.gui.panels.processes.panel import ProcessesPanel
from spawnscope.gui.panels.processes.tree_model import ProcessTreeModel

SECOND = 1_000_000_000
ELAPSED_INDEX = COLUMNS.index(ELAPSED)


def test_a_tick_tells_only_of_texts_that_are_others(start_workers: Callable[..., None]) -> None:
    store = SessionStore()
    table = store.processes
    start_workers(table, 4, "worker {}")
    now = [20 * SECOND + SECOND // 5]
    model = ProcessTreeModel(store, clock=lambda: now[0])
    told: list[tuple[int, int, int]] = []
    model.dataChanged.connect(
        lambda first, last, _roles: told.append((first.column(), first.row(), last.row()))
    )
    now[0] += SECOND // 2
    model.tick({-1: (0, 3)})
    assert told == []
    now[0] += SECOND
    model.tick({-1: (0, 3)})
    assert told == [(ELAPSED_INDEX, 0, 3)]
    table.apply(ProcessDoing(3, (Doing("MainThread", "get", 0, now[0] - 9 * SECOND, "", ""),)))
    model.sync({3: {"doing"}})
    told.clear()
    now[0] += SECOND
    model.tick({-1: (0, 3)})
    assert (COLUMNS.index(DOING), 2, 2) in told
    assert {column for column, _first, _last in told} == {COLUMNS.index(DOING), ELAPSED_INDEX}


@pytest.mark.usefixtures("qapp")
def test_what_lies_between_two_cells_that_changed_is_not_painted(
    start_workers: Callable[..., None], on_screen: Callable[[Any], Any], qtbot: Any
) -> None:
    panel = ProcessesPanel(SessionStore(), Selection())
    qtbot.addWidget(panel)
    panel.resize(1200, 300)
    start_workers(panel._table, 3, "worker {}")
    panel.model.sync({number: {"name"} for number in (1, 2, 3)})
    on_screen(panel)
    tree = panel.tree
    painted: list[str] = []
    paint = tree._cells.paint
    tree._cells.paint = lambda *args: (painted.append(args[3].id), paint(*args))[1]
    model = panel.model
    tree.glow.stop()
    tree.viewport().repaint()
    QApplication.processEvents()
    everything = set(painted)
    painted.clear()
    for column in (0, ELAPSED_INDEX):
        model.dataChanged.emit(model.index(0, column), model.index(2, column))
    qtbot.waitUntil(lambda: bool(painted))
    assert set(painted) == {"name", "elapsed"} < everything
    # And painted by parts it looks as if painted at once.
    before = tree.viewport().grab().toImage()
    tree.viewport().update(40, 10, 300, 30)
    qtbot.waitUntil(lambda: len(painted) > 6)
    assert tree.viewport().grab().toImage() == before
