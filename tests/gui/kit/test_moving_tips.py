"""A tooltip goes when the row that it tells about has moved away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView
from pytestqt.qtbot import QtBot

from spawnscope.gui.kit import moving_tips
from spawnscope.gui.kit.moving_tips import MovingTips


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes when a tooltip is taken away: on a screen of its own, none is shown."""
    noted: list[str] = []
    monkeypatch.setattr(moving_tips, "hide_tip", lambda: noted.append("hidden"))
    return noted


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[QTableView]:
    model = QStandardItemModel()
    for number in range(50):
        model.appendRow(QStandardItem(f"row {number}"))
    view = QTableView()
    view.setModel(model)
    view.resize(200, 200)
    qtbot.addWidget(view)
    MovingTips(view)
    with qtbot.waitExposed(view):
        view.show()
    yield view
    view.setModel(None)
    model.deleteLater()


def ask(view: QAbstractItemView, row: int) -> None:
    """Rest the pointer on a row."""
    place = view.visualRect(view.model().index(row, 0)).center()
    event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), event)


def test_it_goes_when_another_row_slips_below_the_pointer(
    view: QTableView, hidden: list[str]
) -> None:
    model = view.model()
    ask(view, 2)
    model.insertRow(5)
    model.setData(model.index(2, 0), "renamed")
    assert hidden == []  # the row is where it was
    model.insertRow(0)
    assert hidden == ["hidden"]
    model.insertRow(0)
    assert hidden == ["hidden"]  # there is none any more


def test_it_goes_with_its_row_and_when_rows_scroll(view: QTableView, hidden: list[str]) -> None:
    model = view.model()
    ask(view, 2)
    model.removeRow(2)
    assert hidden == ["hidden"]
    ask(view, 2)
    view.verticalScrollBar().setValue(10)
    assert hidden == ["hidden", "hidden"]


def test_views_have_it(qtbot: QtBot) -> None:
    from spawnscope.gui.shell.session_view import SessionView

    view = SessionView()
    qtbot.addWidget(view)
    view.tabs.make_all()
    messages: Any = view.panel("messages")
    traffic: Any = view.panel("traffic")
    for each in (
        view.processes.tree, messages.log.table, traffic.list, traffic.detail.log
    ):  # fmt: skip
        parent = messages.log.table if each is messages.log.table else each
        assert parent.findChildren(MovingTips)
