"""Where the Traffic panel stands in the window: behind a tab, made when it is first looked at."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.vocabulary.events import Doing, ProcessDoing, ProcessStarted, Role
from spawnscope.gui.panels.messages.panel import MessagesPanel
from spawnscope.gui.panels.panels import PANELS
from spawnscope.gui.panels.traffic.panel import TrafficPanel
from spawnscope.gui.shell.session_view import SessionView

MESSAGES, TRAFFIC = ([row.name for row in PANELS].index(name) for name in ("messages", "traffic"))


@pytest.fixture
def view(qtbot: QtBot) -> SessionView:
    view = SessionView()
    qtbot.addWidget(view)
    view.resize(1100, 700)
    with qtbot.waitExposed(view):
        view.show()
    view._on_events([ProcessStarted(2, 1002, 1, 1, None, 1, None, "reader", Role.WORKER, None, ())])
    return view


def test_the_panel_is_made_when_its_tab_is_chosen(view: SessionView, make: Any) -> None:
    view._on_events([make.created(1, "Queue", "jobs"), make.state(1, depth=3)])
    assert "traffic" not in view.made
    assert view.tabs.bar.tabText(TRAFFIC) == "Traffic (1)"
    view.tabs.show_place(TRAFFIC)
    panel = view.made["traffic"]
    assert isinstance(panel, TrafficPanel)
    assert panel.isVisible()
    assert not view.made["messages"].isVisible()
    assert panel.model.index_of(1).isValid()
    view._on_events([make.created(2, "Lock", "catalogue")])
    assert panel.model.index_of(2).isValid()


def test_showing_the_messages_of_a_process_brings_them_to_the_front(view: SessionView) -> None:
    view.tabs.show_place(TRAFFIC)
    view.processes.reveal_requested.emit(2)
    assert view.tabs.place == MESSAGES
    panel = view.made["messages"]
    assert isinstance(panel, MessagesPanel)
    assert panel.isVisible()


def test_a_process_of_the_traffic_is_selected_in_the_tree(view: SessionView) -> None:
    view.tabs.show_place(TRAFFIC)
    view.made["traffic"].process_activated.emit(2)
    assert view.processes.selected() == {2}


def test_names_reach_what_processes_do(view: SessionView, make: Any) -> None:
    view._on_events([ProcessDoing(2, (Doing("MainThread", "get", 1, 5, "", ""),))])
    view._on_events([make.created(1, "Queue", "jobs")])
    row = view.processes.model.shown_row(2)
    assert row is not None
    assert row.doing[0].phrase == "get from jobs"


def test_the_state_of_a_panel_that_was_never_opened_is_kept(view: SessionView) -> None:
    assert "traffic" not in view.save_state()
    view.tabs.show_place(TRAFFIC)
    state = view.save_state()
    assert state["traffic"]
    other = SessionView()
    other.restore_state(state)
    assert other.save_state()["traffic"] == state["traffic"]
    other.deleteLater()


def test_keys_go_from_panel_to_panel(view: SessionView, qtbot: QtBot) -> None:
    view.activateWindow()
    by_key = {action.shortcut().toString(): action for action in view.tabs.actions()}
    by_key["Ctrl+2"].trigger()
    assert view.tabs.place == TRAFFIC
    by_key["Ctrl+1"].trigger()
    assert view.tabs.place == MESSAGES
