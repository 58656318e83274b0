"""A panel on a store in which two processes wait for one another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from wrong_store import WrongStore

from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.findings.panel import FindingsPanel


@pytest.fixture
def store() -> WrongStore:
    return WrongStore()


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def panel(qtbot: QtBot, store: WrongStore, selection: Selection) -> Iterator[FindingsPanel]:
    """On screen."""
    panel = FindingsPanel(store, selection)
    qtbot.addWidget(panel)
    panel.resize(1000, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    yield panel
    panel.hide()
    panel.leave()
