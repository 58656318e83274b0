"""The program tests/targets/stuck_people.py, live, and an Inspector that shows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live import Live
from pytestqt.qtbot import QtBot
from stuck import StuckPeople

from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.inspector.panel import InspectorPanel


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StuckPeople]:
    with Live(tmp_path_factory.mktemp("stuck") / "s.spawnscope") as live:
        found = StuckPeople(live)
        found.close()  # SQLite keeps files open while another connection has the same one
        yield found


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def hidden_panel(
    qtbot: QtBot, people: StuckPeople, selection: Selection
) -> Iterator[InspectorPanel]:
    """An Inspector that nobody sees yet."""
    people.store.open(people.live.path)
    panel = InspectorPanel(people.store, selection)
    qtbot.addWidget(panel)
    panel.resize(1100, 700)
    yield panel
    panel.hide()
    panel.close_session()
    panel.leave()
    people.close()


@pytest.fixture
def panel(hidden_panel: InspectorPanel, qtbot: QtBot) -> InspectorPanel:
    """An Inspector on screen."""
    with qtbot.waitExposed(hidden_panel):
        hidden_panel.show()
    return hidden_panel
