"""The tree keeps still while its rows change, and its buttons never hit another process."""

from __future__ import annotations

from typing import Any

import pytest
from panel_store import store_of
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from spawnscope.core.vocabulary.codes import StopStep
from spawnscope.core.vocabulary.events import Role
from spawnscope.gui.kit.style import theme
from spawnscope.gui.panels.processes.columns import ACTION, COLUMNS
from spawnscope.gui.panels.processes.panel import ProcessesPanel
from spawnscope.gui.panels.processes.resting_pointer import PAUSE

CPU_INDEX = next(i for i, column in enumerate(COLUMNS) if column.id == "cpu")


def top_of(panel: ProcessesPanel, process: int) -> int:
    return panel.tree.visualRect(panel.model.index_of(process)).top()


def button(panel: ProcessesPanel, process: int) -> QPoint:
    """The middle of a process's button, in the viewport."""
    rect = panel.tree.visualRect(panel.model.index_of(process, COLUMNS.index(ACTION)))
    return QPoint(rect.right() - 30, rect.center().y())


def mouse(
    panel: ProcessesPanel,
    kind: QEvent.Type,
    place: QPoint,
    which: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    """A mouse event just as a real pointer causes it, without the move that QTest adds."""
    viewport = panel.tree.viewport()
    moving = kind == QEvent.Type.MouseMove
    up = kind == QEvent.Type.MouseButtonRelease
    event = QMouseEvent(
        kind,
        QPointF(place),
        QPointF(viewport.mapToGlobal(place)),
        Qt.MouseButton.NoButton if moving else which,
        Qt.MouseButton.NoButton if moving or up else which,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


def move(panel: ProcessesPanel, place: QPoint) -> None:
    mouse(panel, QEvent.Type.MouseMove, place)


def press(panel: ProcessesPanel, place: QPoint) -> None:
    mouse(panel, QEvent.Type.MouseButtonPress, place)


def release(panel: ProcessesPanel, place: QPoint) -> None:
    mouse(panel, QEvent.Type.MouseButtonRelease, place)


@pytest.fixture
def asked(panel: ProcessesPanel) -> list[tuple[int, bool]]:
    """What stop_requested told."""
    told: list[tuple[int, bool]] = []
    panel.stop_requested.connect(lambda process, tree: told.append((process, tree)))
    return told


@pytest.fixture
def tall(panel: ProcessesPanel, make: Any) -> ProcessesPanel:
    """A panel with so many rows that it scrolls, the newest at the bottom."""
    store_of(panel).apply([make.started(n, 1, Role.WORKER) for n in range(100, 160)])
    assert panel.tree.verticalScrollBar().maximum() > 0
    return panel


def test_the_selected_row_keeps_its_place_when_rows_come_above_it(
    tall: ProcessesPanel, make: Any
) -> None:
    assert tall.select(120)
    before = top_of(tall, 120)
    store_of(tall).apply([make.started(n, 10) for n in range(200, 207)])
    assert top_of(tall, 120) == before
    store_of(tall).apply([make.exited(n) for n in (20, 21, 22, 100, 101)])
    store_of(tall).clear_ended()
    assert top_of(tall, 120) == before
    assert tall.selected() == {120}


def test_the_selected_row_keeps_its_place_when_the_order_changes(
    tall: ProcessesPanel, make: Any
) -> None:
    tall.tree.sortByColumn(CPU_INDEX, Qt.SortOrder.DescendingOrder)
    store_of(tall).apply([make.sample(n, cpu=float(n % 50)) for n in range(100, 160)])
    tall.select(130)
    bar = tall.tree.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    tall.tree.scrollTo(tall.model.index_of(130))
    before = top_of(tall, 130)
    store_of(tall).apply([make.sample(n, cpu=99.0 - n % 7) for n in range(105, 110)])
    assert top_of(tall, 130) == before


def test_without_a_selection_the_first_row_in_sight_keeps_its_place(
    tall: ProcessesPanel, make: Any
) -> None:
    bar = tall.tree.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    first = tall.tree.visible_rows()[0].internalId()
    before = top_of(tall, first)
    store_of(tall).apply([make.started(n, 10) for n in range(200, 207)])
    assert top_of(tall, first) == before


def test_new_branches_open_and_those_that_the_user_closed_stay_closed(
    panel: ProcessesPanel, make: Any
) -> None:
    tree, model = panel.tree, panel.model
    assert tree.isExpanded(model.index_of(10))
    tree.collapse(model.index_of(20))
    store_of(panel).apply([make.started(13, 11), make.started(23, 21), make.started(24, 20)])
    assert tree.isExpanded(model.index_of(11))
    assert not tree.isExpanded(model.index_of(20))
    panel.filter_field.setText("pid:1021")
    QTest.keyClick(panel.filter_field, Qt.Key.Key_Return)
    QTest.keyClick(panel.filter_field, Qt.Key.Key_Escape)
    assert not tree.isExpanded(model.index_of(20))
    assert tree.isExpanded(model.index_of(10))
    tree.open_all()
    assert tree.isExpanded(model.index_of(20))
    tree.close_all()
    assert tree.isExpanded(model.index_of(1))
    assert not tree.isExpanded(model.index_of(10))


def test_a_click_on_a_button_asks_to_end_that_process_and_selects_nothing(
    panel: ProcessesPanel, asked: list[tuple[int, bool]]
) -> None:
    place = button(panel, 11)
    move(panel, place)
    press(panel, place)
    assert asked == []
    release(panel, place)
    assert asked == [(11, False)]
    assert panel.selected() == frozenset()


def test_a_press_on_one_button_and_a_release_on_another_does_nothing(
    panel: ProcessesPanel, asked: list[tuple[int, bool]]
) -> None:
    move(panel, button(panel, 11))
    press(panel, button(panel, 11))
    move(panel, button(panel, 12))
    release(panel, button(panel, 12))
    assert asked == []
    move(panel, button(panel, 11))
    release(panel, button(panel, 11))
    assert asked == []


def test_a_row_that_slips_away_between_press_and_release_is_not_hit_nor_is_the_next(
    panel: ProcessesPanel, asked: list[tuple[int, bool]], make: Any
) -> None:
    place = button(panel, 20)
    move(panel, place)
    press(panel, place)
    store_of(panel).apply([make.started(13, 10)])
    assert button(panel, 20) != place
    release(panel, place)
    assert asked == []


def test_a_button_that_slipped_below_a_resting_pointer_is_disarmed_until_the_pointer_moves(
    panel: ProcessesPanel, asked: list[tuple[int, bool]], make: Any
) -> None:
    place = button(panel, 20)
    move(panel, place)
    store_of(panel).apply([make.started(13, 10)])
    below = panel.tree.indexAt(place).internalId()
    assert below != 20
    press(panel, place)
    release(panel, place)
    assert asked == []
    place += QPoint(1, 0)
    move(panel, place)
    press(panel, place)
    release(panel, place)
    assert asked == [(below, False)]


def test_a_disarmed_button_is_armed_again_after_a_moment(
    panel: ProcessesPanel, asked: list[tuple[int, bool]], make: Any, qtbot: QtBot
) -> None:
    place = button(panel, 20)
    move(panel, place)
    store_of(panel).apply([make.started(13, 10)])
    below = panel.tree.indexAt(place).internalId()

    def click_counts() -> bool:
        press(panel, place)
        release(panel, place)
        return bool(asked)

    assert not click_counts()
    qtbot.waitUntil(click_counts, timeout=PAUSE * 10)
    assert asked == [(below, False)]


@pytest.mark.parametrize("how", ["sorted", "removed", "scrolled", "filtered"])
def test_every_way_of_moving_rows_disarms(
    how: str, tall: ProcessesPanel, asked: list[tuple[int, bool]], make: Any
) -> None:
    store_of(tall).apply([make.started(33, 30), make.exited(11)])
    place = button(tall, 20)
    move(tall, place)
    if how == "sorted":
        tall.tree.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    elif how == "removed":
        store_of(tall).clear_ended()
    elif how == "scrolled":
        tall.tree.verticalScrollBar().setValue(26)
    else:
        tall.filter_field.setText("-pid:1012")
        QTest.keyClick(tall.filter_field, Qt.Key.Key_Return)
    assert tall.tree.indexAt(place).internalId() != 20
    press(tall, place)
    release(tall, place)
    assert asked == []


def test_a_change_that_moves_nothing_leaves_the_button_armed(
    panel: ProcessesPanel, asked: list[tuple[int, bool]], make: Any
) -> None:
    place = button(panel, 11)
    move(panel, place)
    store_of(panel).apply([make.started(40, 1), make.sample(11), make.exited(32)])
    press(panel, place)
    release(panel, place)
    assert asked == [(11, False)]


def test_the_second_press_of_a_double_click_never_hits_a_button(
    panel: ProcessesPanel, asked: list[tuple[int, bool]]
) -> None:
    place = button(panel, 11)
    move(panel, place)
    press(panel, place)
    release(panel, place)
    mouse(panel, QEvent.Type.MouseButtonDblClick, place)
    release(panel, place)
    assert asked == [(11, False)]


def test_there_is_no_button_for_the_supervisor_the_ended_and_those_being_stopped(
    panel: ProcessesPanel, asked: list[tuple[int, bool]], make: Any
) -> None:
    store_of(panel).apply([make.exited(11), make.step(12, StopStep.WAITING)])
    for process in (1, 11, 12):
        place = button(panel, process)
        move(panel, place)
        press(panel, place)
        release(panel, place)
    store_of(panel).end()
    move(panel, button(panel, 20))
    press(panel, button(panel, 20))
    release(panel, button(panel, 20))
    assert asked == []


def test_the_buttons_stay_in_sight_when_the_panel_is_narrow(panel: ProcessesPanel) -> None:
    header = panel.tree.header()
    for width in (1400, 1000, 800, 720):
        panel.resize(width, 420)
        right = header.sectionViewportPosition(COLUMNS.index(ACTION)) + header.sectionSize(
            COLUMNS.index(ACTION)
        )
        assert right <= panel.tree.viewport().width()
    assert header.hiddenSectionCount() > sum(not column.visible for column in COLUMNS)
    panel.resize(1400, 420)
    assert header.hiddenSectionCount() == sum(not column.visible for column in COLUMNS)


def test_new_and_ended_rows_glow_and_then_the_timer_stops(
    panel: ProcessesPanel, make: Any, qtbot: QtBot
) -> None:
    glow = panel.tree.glow
    born = glow.background(11)
    assert born is not None
    assert born.green() > born.red()
    store_of(panel).apply([make.exited(11)])
    died = glow.background(11)
    assert died is not None
    assert died.red() > died.green()
    qtbot.waitUntil(lambda: not glow.is_active, timeout=10_000)
    assert glow.background(11) is None
    assert panel.model.index_of(11).isValid(), "it stays, dimmed"


def test_a_selected_row_has_no_ink_that_is_too_weak_on_its_ground(
    panel: ProcessesPanel, make: Any, qtbot: QtBot
) -> None:
    store_of(panel).apply([*make.family(1, 1), make.sample(11, status="running")])
    qtbot.waitUntil(lambda: panel.model.index_of(11).isValid())
    status = next(place for place, column in enumerate(COLUMNS) if column.id == "status")

    def inks() -> set[int]:
        rect = panel.tree.visualRect(panel.model.index_of(11, status))
        picture = panel.tree.viewport().grab(rect).toImage()
        places = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
        return {picture.pixel(*place) for place in places}

    colors = theme.current()
    good, selection = theme.color(colors.good).rgb(), theme.color(colors.selection).rgb()
    qtbot.waitUntil(lambda: good in inks())
    panel.select(11)
    qtbot.waitUntil(lambda: selection in inks())
    assert good not in inks()
