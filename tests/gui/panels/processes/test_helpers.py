"""Fork servers and resource trackers share a line of the tree, the last below who started them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from panel_store import store_of
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from spawnscope.core.vocabulary.events import ProcessChanged, Role
from spawnscope.gui.panels.processes.columns import COLUMNS, EXIT
from spawnscope.gui.panels.processes.panel import ProcessesPanel

APP, SERVER, TRACKER, CHILD = 2, 3, 4, 5


@pytest.fixture
def panel(new_panel: Callable[[], ProcessesPanel], make: Any, qtbot: QtBot) -> ProcessesPanel:
    panel = new_panel()
    store_of(panel).apply(
        [
            make.started(1, None, Role.SUPERVISOR, "spawnscope"),
            make.started(APP, 1, Role.WORKER, "app.py"),
            make.started(SERVER, APP, Role.FORKSERVER, "forkserver"),
            make.started(TRACKER, APP, Role.RESOURCE_TRACKER, "resource tracker"),
            make.started(CHILD, APP, Role.CHILD, "child"),
        ]
    )
    qtbot.waitUntil(lambda: panel.model.index_of(CHILD).isValid())
    return panel


def line(panel: ProcessesPanel) -> QModelIndex:
    """The line for the helpers of the program."""
    return panel.model.index_of(SERVER).parent()


def test_they_share_a_closed_line(panel: ProcessesPanel) -> None:
    found = line(panel)
    assert found.data() == "2 helpers"
    assert found.parent() == panel.model.index_of(APP)
    assert found.row() == 1  # after the child
    assert not panel.tree.isExpanded(found)
    assert panel.tree.isExpanded(panel.model.index_of(APP))
    assert set(panel.model.processes_of(found)) == {SERVER, TRACKER}
    tip = found.data(Qt.ItemDataRole.ToolTipRole)
    assert f"forkserver (PID {1000 + SERVER})" in tip, tip


def test_they_stay_the_last_however_it_is_sorted(panel: ProcessesPanel) -> None:
    for order in Qt.SortOrder:
        panel.model.sort(0, order)
        assert line(panel).row() == 1


def test_a_filter_opens_it_while_it_looks_for_one(panel: ProcessesPanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.filter_field, "role:forkserver")
    qtbot.waitUntil(lambda: not panel.model.index_of(CHILD).isValid())
    assert panel.tree.isExpanded(line(panel))
    QTest.keyClick(panel.filter_field, Qt.Key.Key_Escape)
    assert panel.model.index_of(CHILD).isValid()
    assert not panel.tree.isExpanded(line(panel))


def test_one_that_failed_is_told_of_in_the_closed_line(
    panel: ProcessesPanel, make: Any, qtbot: QtBot
) -> None:
    store_of(panel).apply([make.killed(SERVER)])
    place = COLUMNS.index(EXIT)
    qtbot.waitUntil(
        lambda: line(panel).siblingAtColumn(place).data() == "forkserver: Killed by SIGKILL."
    )


def test_what_has_become_a_helper_moves_there(
    panel: ProcessesPanel, make: Any, qtbot: QtBot
) -> None:
    now_ns = make.sample(CHILD).time_ns
    tracker = Role.RESOURCE_TRACKER
    store_of(panel).apply([ProcessChanged(CHILD, now_ns, 1, "resource tracker", tracker, None, ())])
    qtbot.waitUntil(lambda: line(panel).data() == "3 helpers")
    assert panel.model.index_of(CHILD).parent() == line(panel)


def test_one_that_has_started_something_stands_by_itself(
    panel: ProcessesPanel, make: Any, qtbot: QtBot
) -> None:
    store_of(panel).apply([make.started(6, SERVER, Role.OTHER, "true")])
    qtbot.waitUntil(lambda: panel.model.index_of(6).isValid())
    assert panel.model.index_of(SERVER).parent() == panel.model.index_of(APP)
    assert panel.model.index_of(TRACKER).parent().data() == "1 helper"
