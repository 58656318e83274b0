"""The Traffic panel: selection, following, what it does while hidden, empty states."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from spawnscope.core.client.object_table import ObjectTable
from spawnscope.core.vocabulary.events import Event
from spawnscope.gui.models.traffic_columns import DEPTH, HOLDER, NAME
from spawnscope.gui.views.traffic.panel import TrafficPanel


def feed(panel: TrafficPanel, objects: ObjectTable, *events: Event) -> None:
    changes = [change for change in map(objects.apply, events) if change is not None]
    panel.objects_changed(changes)


def test_empty_panels_say_why(panel: TrafficPanel, objects: ObjectTable, make: Any) -> None:
    assert panel._hint.isVisible()
    assert panel._hint.title == "No shared objects yet"
    assert panel._log_hint.title == "No object is selected"
    feed(panel, objects, make.created(1, "Queue", "jobs"))
    assert not panel._hint.isVisible()
    panel.select(1)
    assert panel._log_hint.title == "Nothing recorded"


def test_selecting_an_object_shows_its_operations(
    panel: TrafficPanel, objects: ObjectTable, source: Any, make: Any
) -> None:
    feed(panel, objects, make.created(1, "Queue", "jobs"), make.created(2, "Lock", "catalogue"))
    source.note(*[make.operation(1)] * 3, *[make.operation(2)] * 2)
    panel.select(1)
    assert panel.operations.rowCount() == 3
    assert panel._heading.text() == "Operations on jobs"
    panel.select(2)
    assert panel.operations.rowCount() == 2
    assert panel._heading.text() == "Operations on lock catalogue"


def test_operations_come_while_it_is_watched(
    panel: TrafficPanel, objects: ObjectTable, source: Any, make: Any, qtbot: QtBot
) -> None:
    feed(panel, objects, make.created(1))
    panel.select(1)
    source.note(make.operation(1))
    feed(panel, objects, make.state(1, puts=1))
    qtbot.waitUntil(lambda: panel.operations.rowCount() == 1, timeout=400)
    source.note(make.operation(1))  # and nobody says so
    qtbot.waitUntil(lambda: panel.operations.rowCount() == 2)


def test_selection_and_scrolling_survive_updates(
    panel: TrafficPanel, objects: ObjectTable, make: Any
) -> None:
    feed(panel, objects, *[make.created(number) for number in range(1, 61)])
    panel.list.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
    panel.select(30)
    place = panel.list.verticalScrollBar().value()
    assert place > 0
    feed(panel, objects, *[make.state(number, puts=number) for number in range(1, 61)])
    assert panel.list.selected == 30
    assert panel.list.verticalScrollBar().value() == place
    panel.list.sortByColumn(DEPTH, Qt.SortOrder.DescendingOrder)
    feed(panel, objects, make.state(30, depth=8), make.state(31, depth=9))
    assert panel.list.selected == 30
    assert [index.row() for index in panel.list.selectionModel().selectedRows()] == [1]
    asked = panel.list.horizontalHeader()
    assert asked.sortIndicatorSection() == DEPTH


def test_the_newest_operations_are_followed_until_one_scrolls_up(
    panel: TrafficPanel, objects: ObjectTable, source: Any, make: Any
) -> None:
    feed(panel, objects, make.created(1))
    source.note(*[make.operation(1)] * 300)
    panel.select(1)
    bar = panel.log.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    source.note(*[make.operation(1)] * 50)
    panel._read()
    assert bar.value() == bar.maximum()
    bar.setValue(100)
    assert not panel.log.following
    source.note(*[make.operation(1)] * 50)
    panel._read()
    assert bar.value() == 100
    assert panel.log._newest.text() == "50 new operations"
    panel.log._newest.click()
    assert panel.log.following
    assert bar.value() == bar.maximum()


def test_what_is_in_view_stays_while_the_oldest_go(
    panel: TrafficPanel, objects: ObjectTable, source: Any, make: Any
) -> None:
    feed(panel, objects, make.created(1))
    source.note(*[make.operation(1)] * 5000)
    panel.select(1)
    bar = panel.log.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    middle = panel.log.rowAt(5)
    seen = panel.operations._rows[middle][0]
    source.note(*[make.operation(1)] * 400)
    panel._read()
    assert panel.operations.rowCount() == 5000
    assert panel.operations._rows[panel.log.rowAt(5)][0] == seen


def test_a_hidden_panel_does_nothing_and_catches_up(
    hidden_panel: TrafficPanel, objects: ObjectTable, source: Any, make: Any, qtbot: QtBot
) -> None:
    panel = hidden_panel
    feed(panel, objects, make.created(1), make.state(1, depth=1))
    assert panel.model.rowCount() == 0
    assert not panel._timer.isActive()
    with qtbot.waitExposed(panel):
        panel.show()
    assert panel.model.index(0, DEPTH).data() == "1"
    panel.select(1)
    assert panel._timer.isActive()
    panel.hide()
    asked = len(source.asked)
    feed(panel, objects, make.state(1, puts=9, depth=2))
    assert not panel._timer.isActive()
    assert not panel._soon.isActive()
    assert len(source.asked) == asked
    assert panel.model.index(0, DEPTH).data() == "1"


def test_a_past_session_needs_no_timer(
    panel: TrafficPanel, objects: ObjectTable, source: Any, make: Any
) -> None:
    source.note(make.operation(1))
    panel.objects_changed(objects.load([make.created(1)], [make.state(1, puts=4, depth=2)]))
    panel.set_live(False)
    assert not panel._timer.isActive()
    panel.select(1)
    assert panel.operations.rowCount() == 1


def test_a_double_click_on_the_holder_asks_for_its_process(
    panel: TrafficPanel, objects: ObjectTable, make: Any, qtbot: QtBot
) -> None:
    feed(panel, objects, make.created(1, "Lock"), make.state(1, holders=((3, "MainThread"),)))
    with qtbot.waitSignal(panel.process_activated) as caught:
        panel.list.doubleClicked.emit(panel.model.index(0, HOLDER))
    assert caught.args == [3]
    with qtbot.assertNotEmitted(panel.process_activated):
        panel.list.doubleClicked.emit(panel.model.index(0, NAME))


def test_everything_is_painted(
    panel: TrafficPanel, objects: ObjectTable, source: Any, make: Any
) -> None:
    types = ("Queue", "Lock", "Event", "Pool", "Pipe", "SharedMemory", "ListProxy", "Strange")
    for number, type_name in enumerate(types, 1):
        feed(panel, objects, make.created(number, type_name, "a\nb", 4))
        pairs = ((number, "MainThread"), (99, "x"))
        feed(panel, objects, make.state(number, number, number, pairs, pairs, 2.0))
    source.note(*[make.operation(1, each, 99) for each in ("ok", "Empty", "timeout", "error")])
    panel.select(1)
    panel.list.setFocus()
    assert not panel.grab().isNull()
    panel.list.setColumnWidth(DEPTH, 44)
    assert not panel.grab().isNull()


def test_rows_are_copied(
    panel: TrafficPanel, objects: ObjectTable, make: Any, qtbot: QtBot
) -> None:
    feed(panel, objects, make.created(1, "Queue", "jobs"))
    panel.select(1)
    qtbot.keyClick(panel.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    titles, cells = QGuiApplication.clipboard().text().splitlines()
    assert titles.split("\t")[:2] == ["Type", "Name"]
    assert cells.split("\t")[:2] == ["Queue", "jobs"]


def test_widths_and_sorting_are_remembered(panel: TrafficPanel) -> None:
    panel.list.horizontalHeader().resizeSection(NAME, 222)
    panel.list.sortByColumn(DEPTH, Qt.SortOrder.DescendingOrder)
    state = panel.saveState()
    panel.list.horizontalHeader().resizeSection(NAME, 100)
    assert panel.restoreState(state)
    assert panel.list.columnWidth(NAME) == 222
    assert not panel.restoreState(state.left(5))
