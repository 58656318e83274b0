"""The lower part: the operations on an object as they come, filtered, and its totals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from spawnscope.core.vocabulary.events import OperationCount
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.traffic.detail_frame import LINES, PROCESSES
from spawnscope.gui.panels.traffic.operation_feed import MOST, PAGE
from spawnscope.gui.panels.traffic.panel import TrafficPanel
from spawnscope.gui.panels.traffic.shares import CALLS, GET_WAIT, LINE, WAITED, WHO

Feed = Callable[..., None]


def test_selecting_an_object_shows_its_operations(
    panel: TrafficPanel, feed: Feed, source: Any, make: Any
) -> None:
    feed(make.created(1, "Queue", "jobs"), make.created(2, "Lock", "catalogue"))
    source.note(*[make.operation(1)] * 3, *[make.operation(2)] * 2)
    panel.select(1)
    assert panel.detail.operations.rowCount() == 3
    assert panel.detail.heading.text() == "jobs"
    panel.select(2)
    assert panel.detail.operations.rowCount() == 2
    assert panel.detail.heading.text() == "lock catalogue"


def test_operations_come_while_it_is_watched(
    panel: TrafficPanel, feed: Feed, source: Any, make: Any, qtbot: QtBot
) -> None:
    feed(make.created(1))
    panel.select(1)
    operations = panel.detail.operations
    source.note(make.operation(1))
    feed(make.state(1, puts=1))
    qtbot.waitUntil(lambda: operations.rowCount() == 1, timeout=400)
    source.note(make.operation(1))  # and nobody says so
    qtbot.waitUntil(lambda: operations.rowCount() == 2)


def test_the_newest_operations_are_followed_until_one_scrolls_up(
    panel: TrafficPanel, feed: Feed, source: Any, make: Any
) -> None:
    feed(make.created(1))
    source.note(*[make.operation(1)] * 300)
    panel.select(1)
    log = panel.detail.log
    bar = log.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    source.note(*[make.operation(1)] * 50)
    panel.detail.look()
    assert bar.value() == bar.maximum()
    bar.setValue(100)
    assert not log.following
    source.note(*[make.operation(1)] * 50)
    panel.detail.look()
    assert bar.value() == 100
    assert log._newest.text() == "50 new operations"
    log._newest.click()
    assert log.following
    assert bar.value() == bar.maximum()


def first_in_view(panel: TrafficPanel) -> int:
    log = panel.detail.log
    row = panel.detail.operations.row_at(log.rowAt(5))
    assert row is not None
    return row[0]


def test_older_ones_come_page_by_page_and_what_is_in_view_stays(
    panel: TrafficPanel, feed: Feed, source: Any, make: Any
) -> None:
    feed(make.created(1))
    source.note(*[make.operation(1)] * (20 * PAGE))
    panel.select(1)
    operations, bar = panel.detail.operations, panel.detail.log.verticalScrollBar()
    assert operations.rowCount() == PAGE
    bar.setValue(100)
    assert operations.rowCount() == 2 * PAGE
    row_height = panel.detail.log.row_height
    assert first_in_view(panel) == 19 * PAGE + 1 + 105 // row_height
    for _ in range(20):
        bar.setValue(0)
    assert panel.detail.feed.complete
    assert operations.first_id == 1
    assert operations.rowCount() == MOST, "the newest went"
    assert not panel.detail.feed.at_end
    source.note(make.operation(1))
    panel.detail.look()
    assert operations.rowCount() == MOST
    assert panel.detail.log._newest.isVisible()
    for _ in range(20):
        bar.setValue(bar.maximum() - 200)
        bar.setValue(bar.maximum() - 100)
    assert panel.detail.feed.at_end
    assert operations.last_id == 20 * PAGE + 1
    ids = [row[0] for row in operations._rows]
    assert ids == list(range(ids[0], ids[-1] + 1)), "one stretch without gaps"


def test_when_too_much_comes_to_be_read_the_list_begins_anew_at_the_end(
    panel: TrafficPanel, feed: Feed, source: Any, make: Any
) -> None:
    feed(make.created(1))
    source.note(*[make.operation(1)] * 100)
    panel.select(1)
    source.note(*[make.operation(1)] * 3000)
    panel.detail.look()
    operations = panel.detail.operations
    assert operations.last_id == 3100
    ids = [row[0] for row in operations._rows]
    assert ids == list(range(ids[0], 3101))
    assert not panel.detail.feed.complete


def test_only_those_that_waited_of_one_process_with_a_text(
    panel: TrafficPanel, feed: Feed, source: Any, make: Any, qtbot: QtBot
) -> None:
    feed(make.created(1, "Queue", "jobs"))
    source.note(
        make.operation(1, waited=0.02, preview="'apples'"),
        make.operation(1, process=2, waited=0.5, preview="'pears'"),
        make.operation(1, process=2, preview="'apples'"),
    )
    panel.select(1)
    filters, operations = panel.detail.filters, panel.detail.operations
    assert panel.detail.count.text() == "3 recorded"
    filters.waited.click()
    assert operations.rowCount() == 2
    assert panel.detail.count.text() == "2 shown"
    filters.waited.menu().actions()[2].trigger()  # over 100 ms
    assert operations.rowCount() == 1
    filters.choose(1)
    assert operations.rowCount() == 0
    assert panel.detail.hint.title == "No operation passes the filter"
    filters.clear_button.click()
    assert operations.rowCount() == 3
    filters.text.setText("apples")
    qtbot.waitUntil(lambda: operations.rowCount() == 2)
    source.note(make.operation(1, preview="'pears'"), make.operation(1, preview="'apples'"))
    panel.detail.look()
    assert operations.rowCount() == 3, "new ones must pass too"
    assert operations.last_id == 5


def test_only_the_selected_processes(
    panel: TrafficPanel, feed: Feed, source: Any, make: Any, selection: Selection
) -> None:
    feed(make.created(1))
    source.note(*[make.operation(1, process=number) for number in (1, 2, 2, 3)])
    source.totals = [(n, OperationCount("put", c, 0, 0, 0, 0, 0)) for n, c in ((1, 1), (2, 2))]
    panel.select(1)
    selection.select_processes(frozenset((2,)))
    operations = panel.detail.operations
    assert operations.rowCount() == 4, "that filters nothing by itself"
    panel.detail.filters.menu.aboutToShow.emit()
    texts = [action.text() for action in panel.detail.filters.menu.actions() if action.text()]
    assert texts == [
        "All processes", "Only the selected processes (1)", "worker 2 (1002)", "worker 1 (1001)",
    ]  # fmt: skip
    panel.detail.filters.menu.actions()[1].trigger()
    assert operations.rowCount() == 2
    selection.select_processes(frozenset((1, 3)))
    assert operations.rowCount() == 2
    assert [row[1].process for row in operations._rows] == [1, 3]
    selection.select_processes(frozenset())
    assert operations.rowCount() == 4


def test_what_was_only_counted_is_told(
    panel: TrafficPanel, feed: Feed, source: Any, make: Any
) -> None:
    feed(make.created(1), make.state(1, puts=1204))
    source.note(*[make.operation(1)] * 4)
    panel.select(1)
    assert panel.detail.count.text() == "+ 1,200 only counted"
    assert panel.detail.count.toolTip().startswith("4 calls were recorded one by one, 1,200 only")


def test_totals_per_process_with_their_shares(
    panel: TrafficPanel, feed: Feed, source: Any, make: Any, qtbot: QtBot
) -> None:
    feed(make.created(1, "Queue", "jobs"))
    source.totals = [
        (1, OperationCount("put", 30, 2, 1_000_000_000, 3000, 1, 0)),
        (2, OperationCount("get", 9, 4, 3_000_000_000, 900, 0, 0)),
    ]
    panel.select(1)
    panel.detail.tabs.setCurrentIndex(PROCESSES)
    users = panel.detail.users
    assert [users.index(place, WHO).data() for place in range(2)] == [
        "worker 1 (1001)",
        "worker 2 (1002)",
    ]
    assert users.index(0, CALLS).data() == "put 30"
    row = users.row_at(1)
    assert row is not None
    assert row.calls_share == 9 / 40
    assert row.waited_share == 0.75
    assert users.index(1, GET_WAIT).data() == "3.0 s"
    panel.detail.user_list.sortByColumn(GET_WAIT, Qt.SortOrder.DescendingOrder)
    assert users.index(0, WHO).data() == "worker 2 (1002)"
    with qtbot.waitSignal(panel.process_activated) as caught:
        panel.detail.user_list.follow_link(0, WHO)
    assert caught.args == [2]


def test_lines_of_code_with_their_shares(
    panel: TrafficPanel, feed: Feed, source: Any, make: Any
) -> None:
    feed(make.created(1))
    source.note(*[make.operation(1, waited=0.5)] * 4)
    panel.select(1)
    panel.detail.tabs.setCurrentIndex(LINES)
    sites = panel.detail.sites
    assert sites.index(0, LINE).data() == "app.py:9"
    assert sites.index(0, WAITED).data() == "2.00 s   100 %"
    panel.detail.site_list.doubleClicked.emit(sites.index(0, LINE))
    assert QGuiApplication.clipboard().text() == "/shop/app.py:9"
