"""What changes in a row is painted, whatever else in it changed that is not shown."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from panel_store import store_of
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent, QRegion
from pytestqt.qtbot import QtBot

from spawnscope.gui.panels.processes.columns import COLUMNS
from spawnscope.gui.panels.processes.panel import ProcessesPanel

PLACES = {column.id: place for place, column in enumerate(COLUMNS)}


class Painted(QObject):
    """Which part of a widget was painted since."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
        return False


def test_a_row_of_which_a_hidden_column_changes_too_is_painted(
    panel: ProcessesPanel, make: Any, qtbot: QtBot
) -> None:
    header = panel.tree.header()
    assert header.isSectionHidden(PLACES["fds"])
    panel.tree.glow.stop()
    painted = Painted()
    panel.tree.viewport().installEventFilter(painted)
    cell = panel.tree.visualRect(panel.model.index_of(11, PLACES["cpu"])).center()
    store_of(panel).apply([make.sample(11, 40.0)])
    qtbot.waitUntil(lambda: painted.region.contains(cell))
    painted.region = QRegion()
    store_of(panel).apply([replace(make.sample(11, 0.0), fds=9)])
    assert panel.model.index_of(11, PLACES["cpu"]).data() == "0.0"
    qtbot.waitUntil(lambda: painted.region.contains(cell))
