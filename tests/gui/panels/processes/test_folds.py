"""Alike processes that ended well share one row. It opens, and hides nothing that matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from panel_store import store_of
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from spawnscope.core.analysis.process_fold import KEPT, FoldRow
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import Doing, ProcessExited, Role
from spawnscope.gui.panels.processes.columns import COLUMNS
from spawnscope.gui.panels.processes.folds import PAGE
from spawnscope.gui.panels.processes.node import FIRST_FOLD
from spawnscope.gui.panels.processes.panel import ProcessesPanel
from spawnscope.gui.shell.session_view import SessionView

SECOND = 1_000_000_000
FIRST = 1000
FORKER = 10  # a worker of Make.family()
ENTER = Qt.Key.Key_Return


def flock(make: Any, count: int, first: int = FIRST, name: str = "true") -> list[Any]:
    """Children of the forker that started and ended well, long ago."""
    numbers = range(first, first + count)
    started = [make.started(number, FORKER, Role.OTHER, name) for number in numbers]
    return started + [make.exited(number) for number in numbers]


def lines(panel: ProcessesPanel, parent: int = FORKER) -> list[int]:
    """What the view has below a process."""
    model = panel.model
    index = model.index_of(parent)
    return [model.index(row, 0, index).internalId() for row in range(model.rowCount(index))]


def fold_of(panel: ProcessesPanel, parent: int = FORKER) -> QModelIndex:
    """The one fold below a process."""
    (number,) = [each for each in lines(panel, parent) if each >= FIRST_FOLD]
    return panel.model.index_of(number)


def text(index: QModelIndex, column: str) -> str:
    place = next(i for i, each in enumerate(COLUMNS) if each.id == column)
    return str(index.siblingAtColumn(place).data())


def centre(panel: ProcessesPanel, index: QModelIndex) -> QPoint:
    panel.tree.scrollTo(index)
    return panel.tree.visualRect(index).center()


@pytest.fixture
def folded(panel: ProcessesPanel, make: Any) -> ProcessesPanel:
    """A panel with a fold of 500 below the forker, and the newest of its kind by themselves."""
    store_of(panel).apply(flock(make, 500 + KEPT))
    panel._on_clock()
    return panel


def test_many_that_ended_well_are_one_row_and_the_newest_stand_by_themselves(
    folded: ProcessesPanel,
) -> None:
    fold = fold_of(folded)
    newest = list(range(FIRST + 500, FIRST + 500 + KEPT))
    assert lines(folded) == [11, 12, fold.internalId(), *newest]
    assert text(fold, "name") == "500 × true"
    assert text(fold, "status") == "ended"
    assert text(fold, "role") == "other"
    assert text(fold, "exit").startswith("All ended normally within ")
    tooltip = fold.data(Qt.ItemDataRole.ToolTipRole)
    assert "500 processes called true" in tooltip
    assert f"From PID {1000 + FIRST} to PID {1000 + FIRST + 499}" in tooltip
    spoken = fold.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "500 processes called true, all ended normally"


def test_names_that_differ_in_numbers_are_alike(panel: ProcessesPanel, make: Any) -> None:
    for number in range(FIRST, FIRST + 40):
        store_of(panel).apply(
            [make.started(number, FORKER, name=f"Process-{number}"), make.exited(number)]
        )
    panel._on_clock()
    assert text(fold_of(panel), "name") == f"{40 - KEPT} × Process-…"


def test_what_somebody_may_want_to_see_stays_by_itself(panel: ProcessesPanel, make: Any) -> None:
    store_of(panel).apply(flock(make, 40))
    apart = {FIRST + 40 + i: i for i in range(5)}
    for number in apart:
        store_of(panel).apply([make.started(number, FORKER, Role.OTHER, "true")])
    killed, coded, holding, busy, parent = apart
    doing = (Doing("MainThread", "get", None, 1, "", ""),)
    store_of(panel).apply([
        make.killed(killed),
        ProcessExited(coded, 1, 9, 3, None, "Exited with code 3."),
        ProcessExited(holding, 1, 9, 0, None, "Ended.", (), (7,)),
        ProcessExited(busy, 1, 9, 0, None, "Ended.", doing),
        make.started(2000, parent),
        make.exited(parent),
    ])  # fmt: skip
    store_of(panel).apply(flock(make, 40, 1500))
    panel._on_clock()
    assert set(apart) <= set(lines(panel))
    assert text(fold_of(panel), "name") == f"{80 - KEPT} × true"
    store_of(panel).apply([make.exited(2000)])
    panel._on_clock()
    assert parent not in lines(panel), "all below it has ended well, too"


def test_what_has_just_ended_and_what_is_selected_is_not_folded(
    panel: ProcessesPanel, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_of(panel).apply(flock(make, 40))
    panel.select(FIRST + 3)
    soon = make._now - 36 * SECOND  # they ended a second after one another
    monkeypatch.setattr(panel.model, "clock", lambda: soon)
    panel._on_clock()
    assert len(lines(panel)) == 2 + 40
    monkeypatch.undo()
    panel._on_clock()
    assert FIRST + 3 in lines(panel)
    assert panel.selected() == {FIRST + 3}
    panel.select(11)
    store_of(panel).apply(flock(make, 4, 2000))
    panel._on_clock()
    assert FIRST + 3 not in lines(panel)


def test_a_fold_opens_to_its_newest_and_lists_more_when_asked(folded: ProcessesPanel) -> None:
    tree, model = folded.tree, folded.model
    tree.setCurrentIndex(fold_of(folded))
    QTest.keyClick(tree, Qt.Key.Key_Right)
    fold = fold_of(folded)
    assert tree.isExpanded(fold)
    below = lines(folded, fold.internalId())
    assert below[1:] == list(range(FIRST + 500 - PAGE, FIRST + 500))
    rest = model.index(0, 0, fold)
    assert text(rest, "name") == f"… {500 - PAGE} earlier: show {PAGE} more"
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=centre(folded, rest))
    assert lines(folded, fold.internalId())[1:] == list(range(FIRST + 500 - 2 * PAGE, FIRST + 500))
    tree.setCurrentIndex(model.index(0, 0, fold))
    QTest.keyClick(tree, ENTER)
    assert lines(folded, fold.internalId()) == list(range(FIRST, FIRST + 500))
    tree.setCurrentIndex(fold)
    QTest.keyClick(tree, Qt.Key.Key_Left)
    assert lines(folded, fold.internalId()) == []


def test_an_open_fold_goes_on_showing_its_newest(folded: ProcessesPanel, make: Any) -> None:
    folded.tree.expand(fold_of(folded))
    store_of(folded).apply(flock(make, 30, 5000))
    folded._on_clock()
    fold = fold_of(folded)
    assert text(fold, "name") == "530 × true"
    below = lines(folded, fold.internalId())
    assert len(below) == PAGE + 1
    assert below[-1] == 5000 + 29 - KEPT


def test_expanding_everything_leaves_folds_closed(folded: ProcessesPanel) -> None:
    folded.tree.open_all()
    fold = fold_of(folded)
    assert not folded.tree.isExpanded(fold)
    assert lines(folded, fold.internalId()) == []
    folded.tree.expand(fold)
    folded.tree.close_all()
    assert lines(folded, fold_of(folded).internalId()) == []


def test_a_selected_fold_stands_for_all_its_processes(folded: ProcessesPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(folded.selection.processes_changed) as told:
        folded.tree.setCurrentIndex(fold_of(folded))
    assert told.args == [frozenset(range(FIRST, FIRST + 500))]
    folded.actions_["copy_pid"].trigger()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 500
    folded.actions_["copy"].trigger()
    assert "500 × true" in QGuiApplication.clipboard().text()
    assert not folded.actions_["terminate"].isEnabled()


def test_the_messages_of_a_selected_fold_are_those_of_its_processes(
    qtbot: QtBot, make: Any
) -> None:
    view = SessionView()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    view._on_events([*make.family(), *flock(make, 40)])
    messages: Any = view.panel("messages")
    view.processes._on_clock()
    view.processes.tree.setCurrentIndex(fold_of(view.processes))
    assert messages.filtering.processes == frozenset(range(FIRST, FIRST + 40 - KEPT))
    view.selection.select_processes(frozenset({FIRST + 1}))
    assert view.processes.selected() == {FIRST + 1}, "it has come out of the fold"
    view.selection.select_processes(frozenset(range(FIRST, FIRST + 40 - KEPT)) - {FIRST + 1})
    assert view.processes.tree.currentIndex().internalId() >= FIRST_FOLD
    view.close_session()


def test_a_filter_finds_what_is_folded(folded: ProcessesPanel, make: Any) -> None:
    def wanted(words: str) -> list[int]:
        folded.filter_field.setText(words)
        folded.filter_field._apply()
        return lines(folded)

    assert wanted(f"pid:{1000 + FIRST + 77}") == [FIRST + 77]
    (fold, *_rest) = wanted("-pid:1011")[1:]
    assert fold >= FIRST_FOLD
    assert wanted("status:live") == [11, 12]
    wanted("")
    folded._on_clock()
    assert text(fold_of(folded), "name") == "500 × true"


def test_a_fold_under_a_filter_stands_for_those_that_pass(folded: ProcessesPanel) -> None:
    folded.filter_field.setText("20")  # within what is called "1120.py", or a pid that begins so
    folded.filter_field._apply()
    numbers = range(FIRST, FIRST + 500)
    passing = [each for each in numbers if "20" in str(each) or str(1000 + each)[:2] == "20"]
    assert len(passing) > KEPT
    fold = fold_of(folded)
    assert folded.model.processes_of(fold) == passing
    folded.tree.expand(fold)
    assert lines(folded, fold_of(folded).internalId()) == passing


def test_folds_are_sorted_among_their_siblings(folded: ProcessesPanel) -> None:
    name = next(i for i, each in enumerate(COLUMNS) if each.id == "name")
    folded.tree.sortByColumn(name, Qt.SortOrder.AscendingOrder)
    assert lines(folded)[:2] == [11, 12]
    folded.tree.sortByColumn(name, Qt.SortOrder.DescendingOrder)
    assert lines(folded)[-2:] == [12, 11]
    assert fold_of(folded).row() == 0


def test_clearing_takes_folds_away(folded: ProcessesPanel, table: ProcessTable) -> None:
    assert folded.toolbar.clear.isEnabled()
    store_of(folded).clear_ended()
    assert lines(folded) == [11, 12]
    assert not folded.toolbar.clear.isEnabled()
    assert len(table) > 500, "other panels still know them"


def test_a_past_session_is_folded_at_once_and_unfolds_at_a_moment(
    new_panel: Callable[[], ProcessesPanel],
    table: ProcessTable,
    make: Any,
    recorded: Callable[..., str],
) -> None:
    panel = new_panel()
    store = store_of(panel)
    store.load(recorded([*make.family(), *flock(make, 60)]))
    fold = fold_of(panel)
    assert text(fold, "name") == f"{60 - KEPT} × true"
    panel.show_store(store.at(table[FIRST + 10].started_ns))
    assert lines(panel)[:1] == [FIRST] or set(range(FIRST, FIRST + 11)) <= set(lines(panel))
    panel.show_store(store.at(None))
    assert isinstance(panel.model.row_of(fold_of(panel)), FoldRow)
    assert text(fold_of(panel), "name") == f"{60 - KEPT} × true"


def test_a_child_that_appears_below_a_folded_process_brings_it_back(
    folded: ProcessesPanel, make: Any
) -> None:
    store_of(folded).apply([make.started(9000, FIRST + 5)])
    assert FIRST + 5 in lines(folded)
    assert lines(folded, FIRST + 5) == [9000]
    assert text(fold_of(folded), "name") == "499 × true"


def test_a_double_click_opens_a_fold_and_shows_no_messages(folded: ProcessesPanel) -> None:
    told: list[int] = []
    folded.reveal_requested.connect(told.append)
    fold = fold_of(folded)
    viewport = folded.tree.viewport()
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=centre(folded, fold))
    assert folded.tree.isExpanded(fold_of(folded))
    assert told == []


def test_ten_thousand_ended_cost_what_ten_do(
    new_panel: Callable[[], ProcessesPanel], make: Any, qtbot: QtBot
) -> None:
    """Counted in rows that the view lays out and nodes that the model keeps, not in time."""
    panel = new_panel()
    store_of(panel).apply(make.family())
    store_of(panel).apply(flock(make, 10_000))
    panel._on_clock()
    assert len(panel.model._forest.nodes) < 40
    asked = 0
    real = panel.model.index

    def counted(*arguments: Any) -> QModelIndex:
        nonlocal asked
        asked += 1
        return real(*arguments)

    panel.model.index = counted  # type: ignore[method-assign]
    store_of(panel).apply(flock(make, 1, 50_000))
    panel.tree.executeDelayedItemsLayout()
    qtbot.waitUntil(lambda: asked > 0)  # the burst before may have used up the pace
    assert asked < 500


def test_what_is_in_sight_stays_there_while_rows_above_it_fold(
    panel: ProcessesPanel, make: Any
) -> None:
    store_of(panel).apply(
        [*flock(make, 60), *(make.started(number, 30) for number in range(8000, 8040))]
    )
    panel.resize(1100, 900)
    QTest.qWait(0)
    at_top = QAbstractItemView.ScrollHint.PositionAtTop
    panel.tree.scrollTo(panel.model.index_of(FIRST + 50), at_top)
    assert panel.tree.visible_rows()[0].internalId() == FIRST + 50, "it will be folded"
    before = panel.tree.visualRect(panel.model.index_of(8003)).top()
    assert before < panel.tree.viewport().height()
    panel._on_clock()
    assert lines(panel)[2] >= FIRST_FOLD
    assert panel.tree.visualRect(panel.model.index_of(8003)).top() == before
