"""The Traffic panel: selection, groups, order, links, what it does while hidden, empty states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from spawnscope.core.analysis.waits.split import Balance
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import ProcessChanged, Role
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.traffic.columns import DEPTH, HOLDER, LOST, NAME, TYPE, WAITERS, GroupRow
from spawnscope.gui.panels.traffic.panel import TrafficPanel

Feed = Callable[..., None]


def shown(panel: TrafficPanel) -> list[object]:
    """Types of headings and numbers of objects, from top to bottom."""
    rows = [panel.model.row_at(place) for place in range(panel.model.rowCount())]
    return [row.type if isinstance(row, GroupRow) else getattr(row, "number", None) for row in rows]


def click(panel: TrafficPanel, qtbot: QtBot, place: int, column: int, into: int = 24) -> None:
    """Click into a cell, so many px from its left."""
    rect = panel.list.visualRect(panel.model.index(place, column))
    at = QPoint(rect.left() + into, rect.center().y())
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_empty_panels_say_why(panel: TrafficPanel, feed: Feed, make: Any) -> None:
    assert panel._hint.isVisible()
    assert panel._hint.title == "No shared objects yet"
    assert panel.detail.hint.title == "No object is selected"
    feed(make.created(1, "Queue", "jobs"))
    assert not panel._hint.isVisible()
    panel.select(1)
    assert panel.detail.hint.title == "Nothing recorded"


def test_selection_and_scrolling_survive_updates(
    panel: TrafficPanel, feed: Feed, make: Any
) -> None:
    feed(*[make.created(number) for number in range(1, 61)])
    panel.list.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
    panel.select(30)
    place = panel.list.verticalScrollBar().value()
    assert place > 0
    feed(*[make.state(number, puts=number) for number in range(1, 61)])
    assert panel.list.selected == 30
    assert panel.list.verticalScrollBar().value() == place
    panel.list.sortByColumn(DEPTH, Qt.SortOrder.DescendingOrder)
    feed(make.state(30, depth=8), make.state(31, depth=9))
    assert panel.list.selected == 30
    assert [index.row() for index in panel.list.selectionModel().selectedRows()] == [2]
    assert panel.list.horizontalHeader().sortIndicatorSection() == DEPTH


def test_one_object_is_selected_in_all_panels(
    panel: TrafficPanel, feed: Feed, make: Any, selection: Selection
) -> None:
    feed(make.created(1, "Queue", "jobs"), make.created(2, "Lock", "catalogue"))
    panel.select(1)
    assert selection.object == 1
    panel.model.fold("Lock", True)
    selection.select_object(2)
    assert panel.list.selected == 2
    assert shown(panel) == ["Queue", 1, "Lock", 2], "its group was unfolded"
    assert panel.detail.heading.text() == "lock catalogue"
    selection.select_object(0)
    assert panel.list.selected == -1


def test_an_object_that_is_selected_before_it_is_known_waits_for_it(
    hidden_panel: TrafficPanel,
    store: SessionStore,
    selection: Selection,
    make: Any,
    on_screen: Callable[..., None],
) -> None:
    selection.select_object(2)
    store.apply([make.created(2)])
    on_screen(hidden_panel)
    assert hidden_panel.list.selected == 2


def test_groups_fold_by_click_and_key_and_keep_what_is_selected(
    panel: TrafficPanel, feed: Feed, make: Any, qtbot: QtBot, selection: Selection
) -> None:
    feed(make.created(1, "Lock"), make.created(2), make.created(3, "Lock"))
    assert shown(panel) == ["Queue", 2, "Lock", 1, 3]
    assert panel.list.isColumnHidden(TYPE)
    panel.select(3)
    click(panel, qtbot, 2, NAME)
    assert shown(panel) == ["Queue", 2, "Lock"]
    assert selection.object == 3, "it is only out of sight"
    assert panel.detail.heading.text() == "Lock 3"
    assert not panel.list.selectionModel().hasSelection()
    click(panel, qtbot, 2, NAME)
    assert [index.row() for index in panel.list.selectionModel().selectedRows()] == [4]
    qtbot.keyClick(panel.list, Qt.Key.Key_Left)
    assert panel.list.currentIndex().row() == 2, "from an object to its heading"
    assert selection.object == 3
    qtbot.keyClick(panel.list, Qt.Key.Key_Left)
    assert shown(panel) == ["Queue", 2, "Lock"]
    qtbot.keyClick(panel.list, Qt.Key.Key_Right)
    assert shown(panel) == ["Queue", 2, "Lock", 1, 3]
    panel.head.fold.click()
    assert shown(panel) == ["Queue", "Lock"]


def test_where_time_is_lost_comes_first_and_the_old_order_comes_back(
    panel: TrafficPanel, feed: Feed, make: Any
) -> None:
    feed(make.created(1), make.created(2, "Lock"), make.created(3))
    feed(make.state(1, waited=1), make.state(2, waited=5), make.state(3, waited=3))
    assert shown(panel) == ["Queue", 1, 3, "Lock", 2]
    panel.head.lost.click()
    assert shown(panel) == [2, 3, 1]
    assert not panel.head.grouped.isChecked()
    assert not panel.list.isColumnHidden(TYPE)
    panel.head.lost.click()
    assert shown(panel) == ["Queue", 1, 3, "Lock", 2]
    assert panel.head.grouped.isChecked()
    panel.head.grouped.click()
    panel.list.sortByColumn(LOST, Qt.SortOrder.DescendingOrder)
    assert panel.head.lost.isChecked(), "that is what it means"


def test_a_hidden_panel_does_nothing_and_catches_up(
    hidden_panel: TrafficPanel,
    store: SessionStore,
    source: Any,
    make: Any,
    on_screen: Callable[..., None],
) -> None:
    panel = hidden_panel
    store.apply([make.created(1), make.state(1, depth=1)])
    assert panel.model.rowCount() == 0
    assert not panel.is_beating
    on_screen(panel)
    assert panel.model.index(1, DEPTH).data() == "1"
    panel.select(1)
    assert panel.is_beating
    panel.hide()
    asked = source.asked
    renamed = ProcessChanged(2, 10**19, 1, "zebra", Role.WORKER, None, ())
    store.apply([make.state(1, puts=9, depth=2), renamed])
    assert not panel.is_beating
    assert not panel._soon.isActive()
    assert source.asked == asked
    assert panel.model.index(1, DEPTH).data() == "1"


def test_a_past_session_needs_no_timer(
    panel: TrafficPanel, store: SessionStore, source: Any, make: Any, qtbot: QtBot
) -> None:
    source.note(make.operation(1))
    store.objects.load([make.created(1)], [make.state(1, puts=4, depth=2)])
    store.end()
    assert not panel.is_beating
    panel.select(1)
    assert panel.detail.operations.rowCount() == 1
    qtbot.waitUntil(lambda: panel.traces.of(1).depths != ())
    assert panel.traces.of(1).depths == (0.0,) * 29 + (8.0,) * 31
    assert sum(panel.traces.of(1).inward) == 40


def test_a_click_on_a_link_asks_for_its_process(
    panel: TrafficPanel, feed: Feed, make: Any, qtbot: QtBot
) -> None:
    holders, waiters = ((3, "MainThread"),), ((1, "MainThread"), (4, "Thread-2"))
    feed(make.created(1, "Lock"), make.state(1, holders=holders, waiters=waiters))
    with qtbot.waitSignal(panel.process_activated) as caught:
        click(panel, qtbot, 1, HOLDER)
    assert caught.args == [3]
    with qtbot.assertNotEmitted(panel.process_activated):
        click(panel, qtbot, 1, NAME)
        rect = panel.list.visualRect(panel.model.index(1, HOLDER))
        click(panel, qtbot, 1, HOLDER, rect.width() - 4)  # beside the text
    click(panel, qtbot, 1, WAITERS)
    menu = panel.list.findChild(QMenu)
    assert menu is not None
    texts = [action.text() for action in menu.actions()]
    assert texts == ["worker 1 (1001)", "worker 4 (1004), Thread-2"]
    with qtbot.waitSignal(panel.process_activated) as caught:
        menu.actions()[1].trigger()
    assert caught.args == [4]
    menu.close()


def test_the_wait_of_a_queue_is_split(
    panel: TrafficPanel, store: SessionStore, feed: Feed, make: Any
) -> None:
    feed(make.created(1, "Queue", "jobs", 4), make.created(2, "Lock"))
    feed(make.state(1, waited=2, depth=4))
    store.end()
    panel.select(1)
    assert panel.detail.strip.isVisible()
    split = panel.detail.strip.split
    assert split is not None
    assert split.balance is Balance.PRODUCERS_WAIT
    assert "Producers wait in all." in panel.detail.strip.accessibleDescription()
    panel.select(2)
    assert not panel.detail.strip.isVisible(), "a lock has one side"
    assert not panel.detail.split_button.isVisible()
    panel.select(1)
    panel.detail.split_button.click()
    assert not panel.detail.strip.isVisible()


def test_everything_is_painted(panel: TrafficPanel, feed: Feed, source: Any, make: Any) -> None:
    types = ("Queue", "Lock", "Event", "Pool", "Pipe", "SharedMemory", "ListProxy", "Strange")
    for number, type_name in enumerate(types, 1):
        feed(make.created(number, type_name, "a\nb", 4))
        pairs = ((number, "MainThread"), (99, "x"))
        feed(make.state(number, number, number, pairs, pairs, 2.0))
    source.note(*[make.operation(1, each, 99) for each in ("ok", "Empty", "timeout", "error")])
    panel.select(1)
    panel.list.setFocus()
    for place in range(3):
        panel.detail.tabs.setCurrentIndex(place)
        assert not panel.grab().isNull()
    panel.list.setColumnWidth(DEPTH, 44)
    panel.model.set_folded(types)
    assert not panel.grab().isNull()
    panel.order.set_grouped(False)
    assert not panel.grab().isNull()


def test_rows_are_copied(panel: TrafficPanel, feed: Feed, make: Any, qtbot: QtBot) -> None:
    feed(make.created(1, "Queue", "jobs"))
    panel.order.set_grouped(False)
    panel.select(1)
    qtbot.keyClick(panel.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    titles, cells = QGuiApplication.clipboard().text().splitlines()
    assert titles.split("\t")[:2] == ["Name", "Type"]
    assert cells.split("\t")[:2] == ["jobs", "Queue"]


def test_widths_order_and_groups_are_remembered(panel: TrafficPanel, feed: Feed, make: Any) -> None:
    feed(make.created(1), make.created(2, "Lock"))
    panel.list.horizontalHeader().resizeSection(NAME, 222)
    panel.list.sortByColumn(DEPTH, Qt.SortOrder.DescendingOrder)
    panel.model.fold("Lock", True)
    panel.detail.split_button.setChecked(False)
    state = panel.saveState()
    panel.list.horizontalHeader().resizeSection(NAME, 100)
    panel.order.set_grouped(False)
    panel.model.set_folded(())
    panel.detail.split_button.setChecked(True)
    assert panel.restoreState(state)
    assert panel.list.columnWidth(NAME) == 222
    assert shown(panel) == ["Queue", 1, "Lock"]
    assert not panel.detail.split_button.isChecked()
    assert not panel.restoreState(state.left(5))
    assert not panel.restoreState(state.replace(b"name", b"nome"))
