"""The Wiring panel: what it shows, what stays where it is, what it does while hidden."""

from __future__ import annotations

from typing import Any

import pytest
from contrast import LEAST, contrast
from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem
from pytestqt.qtbot import QtBot

from spawnscope.core.analysis.wiring.graph import CHILD, GROUP
from spawnscope.core.vocabulary.events import Role
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.kit.style import theme
from spawnscope.gui.panels.wiring.node_item import NodeItem

MAIN, FEEDER, LEFT = ("process", 1, ""), ("process", 2, ""), ("process", 3, "")
JOBS, DONE = ("object", 1, ""), ("object", 2, "")


def test_an_empty_panel_says_why(shop: Any) -> None:
    panel = shop.panel
    assert panel._hint.isVisible()
    assert panel._hint.title == "Nothing is shared yet"
    assert not panel.legend.isVisible()
    shop.store.end()
    panel.look_now()
    assert panel._hint.title == "Nothing was shared"
    shop.pipeline()
    shop.look()
    assert not panel._hint.isVisible()
    assert panel.legend.isVisible()


def test_flow_goes_from_left_to_right(shop: Any) -> None:
    shop.pipeline()
    shop.look()
    places = shop.places()
    way = [places[key][0] for key in (FEEDER, JOBS, LEFT, DONE, MAIN)]
    assert way == sorted(way)
    assert len(set(way)) == 5


def test_nothing_moves_when_the_picture_updates(shop: Any) -> None:
    shop.pipeline()
    shop.look()
    before = shop.places()
    shop.use(2, "put", 1, 5000)
    shop.state(1, depth=10, waiters=(2,))
    shop.start(5, "late")
    shop.use(5, "get", 1)
    shop.make(3, "Lock", "catalogue")
    shop.use(3, "acquire", 3)
    shop.look(2.5)
    after = shop.places()
    assert {key: after[key] for key in before} == before
    late = ("process", 5, "")
    assert len(after) == len(before) + 2
    assert after[late][0] > after[JOBS][0], "to the right of what it takes from"
    boxes = [item.box for item in shop.panel.scene.nodes.values()]
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_who_comes_back_stands_where_it_was(shop: Any) -> None:
    shop.pipeline()
    shop.look()
    before = shop.places()
    shop.end(3)
    shop.panel._show(ended=False)
    assert LEFT not in shop.places()
    assert shop.panel.head._aside.text() == "1 ended not shown"
    shop.panel._show(ended=True)
    assert shop.places() == before
    assert shop.panel.scene.nodes[LEFT].face.faded


def test_lines_say_how_much_and_who_waits(shop: Any) -> None:
    shop.pipeline()
    shop.make(3, "Lock", "catalogue")
    shop.use(3, "acquire", 3, 5)
    shop.use(4, "acquire", 3, 5)
    shop.look()
    shop.use(2, "put", 1, 2009)
    shop.state(3, holders=(3,), waiters=(4,))
    shop.look(2)
    strokes = {key: item.stroke for key, item in shop.panel.scene.edges.items()}
    busy, idle = strokes[FEEDER, JOBS, "into"], strokes[LEFT, JOBS, "out"]
    assert busy.width > idle.width
    assert (busy.line, idle.line) == ("solid", "dash")
    lock = ("object", 3, "")
    assert strokes[LEFT, lock, "guard"].line == "solid"
    assert not strokes[LEFT, lock, "guard"].faint
    waits = strokes[("process", 4, ""), lock, "guard"]
    assert waits.line == "dot"
    assert waits.level > 0
    shop.state(3)
    shop.look(2)
    assert shop.panel.scene.edges[LEFT, lock, "guard"].stroke.faint


def test_a_bounded_queue_shows_how_full_it_is(shop: Any) -> None:
    shop.pipeline()
    shop.state(1, depth=7)
    shop.look()
    face = shop.panel.scene.nodes[JOBS].face
    assert face.note == "7 / 10"
    assert face.fullness == 0.7


def test_a_pool_folds_into_one_node_that_opens(shop: Any) -> None:
    shop.pipeline()
    shop.make(3, "Pool", "pool")
    shop.use(1, "submit", 3, 6)
    for number in (11, 12, 13):
        shop.start(number, f"ForkPoolWorker-{number}", role=Role.POOL_WORKER)
        shop.use(number, "task", 3, 2)
    shop.look()
    panel = shop.panel
    [group] = [key for key in panel.scene.nodes if key[0] == GROUP]
    assert panel.scene.nodes[group].face.title == "3 pool workers"
    before = shop.places()
    panel.canvas.node_activated.emit(group)
    members = [("process", number, "") for number in (11, 12, 13)]
    assert all(key in panel.scene.nodes for key in members)
    assert group not in panel.scene.nodes
    now = shop.places()
    assert {key: now[key] for key in before if key != group} == {
        key: place for key, place in before.items() if key != group
    }
    panel.canvas.badge_clicked.emit(members[1])
    assert shop.places() == before


@pytest.mark.parametrize(
    ("role", "title"),
    [(Role.LOADER_WORKER, "2 loader workers"), (Role.DASK_WORKER, "2 dask workers")],
)
def test_a_group_is_called_by_what_its_members_are(shop: Any, role: Role, title: str) -> None:
    shop.pipeline()
    for number in (11, 12):
        shop.start(number, f"Process-{number}", role=role)
        shop.use(number, "get", 1, 2)
    shop.look()
    assert title in [item.face.title for item in shop.panel.scene.nodes.values()]


def test_parents_are_drawn_on_demand(shop: Any) -> None:
    shop.pipeline()
    shop.look()
    assert not [key for key in shop.panel.scene.edges if key[2] == CHILD]
    shop.panel.head.parents.click()
    assert (MAIN, FEEDER, CHILD) in shop.panel.scene.edges


def test_the_first_picture_waits_until_the_program_has_come_up(shop: Any) -> None:
    shop.panel._patience = 3
    shop.pipeline()
    shop.look()
    assert not shop.panel.scene.nodes, "more may come"
    assert not shop.panel._hint.isVisible(), "something is shared"
    shop.start(5, "late")
    shop.use(5, "get", 1)
    shop.look()
    assert not shop.panel.scene.nodes
    shop.look()
    assert len(shop.panel.scene.nodes) == 7


def test_a_hidden_panel_does_nothing_and_catches_up(hidden_shop: Any, qtbot: QtBot) -> None:
    shop, panel = hidden_shop, hidden_shop.panel
    shop.pipeline()
    assert not shop.store.asked
    assert not panel.is_beating
    assert not panel._soon.isActive()
    with qtbot.waitExposed(panel):
        panel.show()
    assert len(panel.scene.nodes) == 6
    assert panel.is_beating
    panel.hide()
    asked = len(shop.store.asked)
    shop.state(1, depth=3)
    shop.end(3)
    assert not panel.is_beating
    assert not panel._soon.isActive()
    assert len(shop.store.asked) == asked


def test_a_past_session_shows_totals_and_its_moments(shop: Any, qtbot: QtBot) -> None:
    shop.pipeline()
    shop.store.end()
    assert not shop.panel.is_beating
    qtbot.waitUntil(lambda: bool(shop.panel.scene.nodes))
    edge = shop.panel.model.graph.edges[FEEDER, JOBS, "into"]
    assert (edge.total, edge.rate) == (9, None)
    assert shop.panel.scene.edges[FEEDER, JOBS, "into"].stroke.line == "solid"
    shop.panel.show_store(shop.store.at(shop.now))
    qtbot.waitUntil(lambda: shop.now in shop.store.asked)
    assert shop.panel.model.graph.edges[FEEDER, JOBS, "into"].rate is not None
    shop.panel.show_store(shop.store.at(shop.now - 10**9))
    qtbot.waitUntil(lambda: not shop.panel.scene.nodes)
    assert shop.panel._hint.title == "Nothing is shared"
    shop.panel.show_store(shop.store.at(None))
    qtbot.waitUntil(lambda: bool(shop.panel.scene.nodes))


def test_it_follows_the_selection(shop: Any, selection: Selection) -> None:
    shop.pipeline()
    shop.look()
    nodes, edges = shop.panel.scene.nodes, shop.panel.scene.edges
    selection.select_processes(frozenset({3}))
    assert [key for key, item in nodes.items() if item.selected] == [LEFT]
    assert edges[LEFT, JOBS, "out"].opacity() == 1
    assert edges[FEEDER, JOBS, "into"].opacity() < 1
    parent = shop.processes.parent(3)
    assert parent is not None
    selection.select_processes(frozenset({parent}))  # it stands for all below it
    assert all(item.opacity() == 1 for item in (*nodes.values(), *edges.values()))
    selection.select_processes(frozenset())
    selection.select_object(2)
    assert [key for key, item in nodes.items() if item.selected] == [DONE]


def test_new_places_are_found_anew_on_demand(shop: Any, qtbot: QtBot) -> None:
    shop.pipeline()
    shop.look()
    before = shop.places()
    shop.panel._on_dragged(JOBS, shop.panel.scene.nodes[LEFT].pos() * 3)
    assert shop.places()[JOBS] != before[JOBS]
    with qtbot.waitSignal(shop.panel._glide.arrived):
        shop.panel.lay_out()
    assert shop.places() == before


@pytest.mark.parametrize("colors", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_everything_is_painted(shop: Any, colors: theme.Theme, qtbot: QtBot) -> None:
    plain = QGuiApplication.palette()
    shop.pipeline()
    kinds = ("Lock", "Event", "Pool", "Pipe", "SharedMemory", "Manager", "Semaphore")
    operations = ("acquire", "wait", "submit", "send", "create", "call", "acquire")
    for number, (kind, operation) in enumerate(zip(kinds, operations, strict=True), 3):
        shop.make(number, kind, f"{kind} of some length")
        shop.use(2, operation, number)
    shop.state(1, depth=9)
    shop.state(3, holders=(3,), waiters=(4, 2))
    shop.end(4)
    QGuiApplication.setPalette(theme.palette(colors))
    try:
        shop.look()
        shop.panel.head.parents.click()
        shop.panel.changeEvent(QEvent(QEvent.Type.PaletteChange))
        for zoom in (1.0, 0.5, 0.2):
            shop.panel.canvas.zoom_by(zoom / shop.panel.canvas.zoom)
            assert not shop.panel.grab().isNull()
        shop.panel._choosing.choose_node(JOBS, False)
        picture = shop.panel.canvas.viewport().grab().toImage()
        assert picture.pixelColor(2, 2).name() == colors.base
        ended = shop.panel.scene.nodes[("process", 4, "")]
        assert ended.face.faded
        assert all(contrasts(ended))
    finally:
        QGuiApplication.setPalette(plain)


def contrasts(node: NodeItem) -> list[bool]:
    """Whether the title and what stands below it can be read."""
    scale, box = 8, node.boundingRect()
    image = QImage((box.size() * scale).toSize(), QImage.Format.Format_RGB32)
    image.fill(theme.color(theme.current().base))
    painter = QPainter(image)
    painter.scale(scale, scale)
    painter.translate(-box.topLeft())
    node.paint(painter, QStyleOptionGraphicsItem())
    painter.end()

    def colors(left: int, top: int, width: int, height: int) -> set[int]:
        place = QRectF(left, top, width, height).translated(-box.topLeft())
        part = image.copy(QRectF(place.topLeft() * scale, place.size() * scale).toRect())
        return {part.pixel(x, y) for x in range(part.width()) for y in range(part.height())}

    (ground,) = colors(60, 0, 30, 1)
    return [
        max(contrast(QColor(ink), QColor(ground)) for ink in colors(-60, top, 60, 12)) >= LEAST
        for top in (-14, 2)
    ]


def test_what_is_shown_is_remembered(shop: Any) -> None:
    panel = shop.panel
    panel._show(parents=True, ended=False)
    panel.legend.fold(True)
    state = panel.saveState()
    panel._show(parents=False, ended=None)
    panel.legend.fold(False)
    assert panel.restoreState(state)
    assert panel.model.showing.parents
    assert panel.model.showing.ended is False
    assert panel.legend.folded
    assert not panel.restoreState(state.left(5))
