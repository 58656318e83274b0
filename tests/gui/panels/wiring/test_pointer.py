"""Pointer and keyboard on the picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from spawnscope.core.analysis.wiring.graph import NodeKey
from spawnscope.gui.kit.selection import Selection

MAIN, FEEDER, LEFT = ("process", 1, ""), ("process", 2, ""), ("process", 3, "")
JOBS, DONE = ("object", 1, ""), ("object", 2, "")
BUTTON = Qt.MouseButton.LeftButton
Spot = Callable[[NodeKey], QPoint]


@pytest.fixture
def shown(shop: Any) -> Any:
    shop.pipeline()
    shop.look()
    shop.panel.legend.fold(True)
    return shop


@pytest.fixture
def spot(shown: Any) -> Spot:
    def where(key: NodeKey) -> QPoint:
        return shown.panel.canvas.mapFromScene(shown.panel.scene.nodes[key].pos())

    return where


def press_and_move(qtbot: QtBot, shown: Any, start: QPoint, *way: QPoint) -> None:
    port = shown.panel.canvas.viewport()
    qtbot.mousePress(port, BUTTON, pos=start)
    for place in way:
        qtbot.mouseMove(port, place)
    qtbot.mouseRelease(port, BUTTON, pos=way[-1])


def wheel(shown: Any, at: QPoint, notches: int) -> None:
    port = shown.panel.canvas.viewport()
    event = QWheelEvent(
        QPointF(at), QPointF(port.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(port, event)


def test_a_click_selects_everywhere(
    shown: Any, spot: Spot, selection: Selection, qtbot: QtBot
) -> None:
    port = shown.panel.canvas.viewport()
    qtbot.mouseClick(port, BUTTON, pos=spot(LEFT))
    assert selection.processes == {3}
    qtbot.mouseClick(port, BUTTON, Qt.KeyboardModifier.ControlModifier, spot(FEEDER))
    assert selection.processes == {2, 3}
    qtbot.mouseClick(port, BUTTON, pos=spot(JOBS))
    assert (selection.object, selection.processes) == (1, frozenset())
    qtbot.mouseClick(port, BUTTON, pos=QPoint(4, 4))
    assert selection.object == 0


def test_a_click_on_an_arrow_selects_both_ends(
    shown: Any, selection: Selection, qtbot: QtBot
) -> None:
    panel = shown.panel
    middle = panel.scene.edges[FEEDER, JOBS, "into"].path().pointAtPercent(0.5)
    qtbot.mouseClick(panel.canvas.viewport(), BUTTON, pos=panel.canvas.mapFromScene(middle))
    assert (selection.processes, selection.object) == ({2}, 1)


def test_a_double_click_shows_the_process_in_the_tree(shown: Any, spot: Spot, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shown.panel.process_activated) as caught:
        qtbot.mouseDClick(shown.panel.canvas.viewport(), BUTTON, pos=spot(FEEDER))
    assert caught.args == [2]


def test_a_node_is_dragged_and_stays_there(
    shown: Any, spot: Spot, selection: Selection, qtbot: QtBot
) -> None:
    before = shown.places()
    start = spot(JOBS)
    target = start + QPoint(30, 160)
    press_and_move(qtbot, shown, start, start + QPoint(10, 50), target)
    assert (spot(JOBS) - target).manhattanLength() <= 3
    assert selection.object == 0, "a drag is no click"
    shown.use(2, "put", 1, 99)
    shown.look()
    after = shown.places()
    assert after.pop(JOBS) != before.pop(JOBS)
    assert after == before
    end = shown.panel.scene.edges[FEEDER, JOBS, "into"].path().pointAtPercent(1)
    box = shown.panel.scene.nodes[JOBS].box.adjusted(-25, -25, 25, 25)
    assert box.contains(end), "its arrows follow"


def test_the_ground_is_dragged(shown: Any, spot: Spot, qtbot: QtBot) -> None:
    before = spot(JOBS)
    places = shown.places()
    press_and_move(qtbot, shown, QPoint(60, 60), QPoint(80, 90), QPoint(100, 130))
    assert (spot(JOBS) - before - QPoint(40, 70)).manhattanLength() <= 3
    assert shown.places() == places
    assert not shown.panel.canvas.fitting


def test_the_wheel_zooms_around_the_pointer(shown: Any, spot: Spot) -> None:
    canvas = shown.panel.canvas
    zoom, at = canvas.zoom, spot(DONE)
    wheel(shown, at, 2)
    assert canvas.zoom == pytest.approx(zoom * 1.44)
    assert (spot(DONE) - at).manhattanLength() <= 2
    wheel(shown, at, -4)
    assert canvas.zoom < zoom
    wheel(shown, at, 60)
    assert canvas.zoom <= 3.001


def test_keys_zoom_and_fit(shown: Any, qtbot: QtBot) -> None:
    canvas = shown.panel.canvas
    shown.panel.activateWindow()
    canvas.setFocus()
    zoom = canvas.zoom
    qtbot.keyClick(canvas, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom > zoom
    qtbot.keyClick(canvas, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom == pytest.approx(zoom)
    qtbot.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.fitting


def test_arrow_keys_go_from_neighbour_to_neighbour(
    shown: Any, selection: Selection, qtbot: QtBot
) -> None:
    panel, canvas = shown.panel, shown.panel.canvas
    canvas.go_to(FEEDER)
    went = []
    for _ in range(4):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
        went.append(canvas.current)
    assert went[0] == JOBS
    assert went[1] in (LEFT, ("process", 4, ""))
    assert went[2:] == [DONE, MAIN]
    assert "shop.py, worker" in canvas.accessibleDescription()
    assert "from done" in canvas.accessibleDescription()
    with qtbot.waitSignal(panel.process_activated) as caught:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert caught.args == [1]
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert selection.object == 2


def test_resting_on_something_shows_its_figures(shown: Any, spot: Spot, qtbot: QtBot) -> None:
    panel, port = shown.panel, shown.panel.canvas.viewport()
    qtbot.mouseMove(port, spot(JOBS) - QPoint(5, 5))
    qtbot.mouseMove(port, spot(JOBS))
    qtbot.waitUntil(panel.card.isVisible)
    assert "from feeder" in panel.card.text
    shown.use(2, "put", 1, 4321)
    shown.look(2)
    assert "4,321" in panel.card.text, "it follows"
    qtbot.mouseMove(port, QPoint(4, 4))
    assert not panel.card.isVisible()
