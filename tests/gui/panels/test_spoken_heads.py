"""The bars over lanes and pictures in another language: nothing on them stays English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from spawnscope.core import translation
from spawnscope.gui.panels.timeline.head import TimelineHead
from spawnscope.gui.panels.wiring.head import WiringHead
from spawnscope.gui.panels.wiring.legend import WiringLegend


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(translation.VARIABLE, translation.PSEUDO)
    translation.forget()
    yield
    monkeypatch.undo()
    translation.forget()


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("kind", [TimelineHead, WiringHead, WiringLegend])
def test_all_that_a_bar_says_is_translated(kind: type[QWidget], qtbot: QtBot) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    bar = kind(home)
    said = [bar.accessibleName()]
    for each in bar.findChildren(QWidget):
        said += [each.accessibleName(), each.accessibleDescription()]
        if isinstance(each, QAbstractButton):
            said += [each.text(), each.toolTip()]
    said = [text for text in said if text]
    assert len(said) > 2
    assert [text for text in said if not text.startswith("[")] == []
