"""In whatever order the panels are opened, they say the same: live, recorded, and at a moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from live import Live
from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot
from recording import record
from stuck import StuckPeople

from spawnscope.gui.kit.rich_label import RichLabel
from spawnscope.gui.panels.findings.panel import FindingsPanel
from spawnscope.gui.panels.inspector.panel import InspectorPanel
from spawnscope.gui.panels.messages.panel import MessagesPanel
from spawnscope.gui.panels.panels import PANELS
from spawnscope.gui.panels.timeline.panel import TimelinePanel
from spawnscope.gui.panels.traffic.columns import DEPTH, HOLDER, NAME, TYPE, WAITERS
from spawnscope.gui.panels.traffic.panel import TrafficPanel
from spawnscope.gui.panels.wiring.panel import WiringPanel
from spawnscope.gui.shell.session_view import SessionView

NAMES = tuple(row.name for row in PANELS)
STORY = Path(__file__).resolve().parents[2] / "targets" / "timeline_story.py"
_SPAN = re.compile(r"less than 1 s|\d+:\d[\d:]*|\d[\d.,]* ?(ns|µs|ms|s|min|h|%|MiB|KiB|GiB)\b")
Order = tuple[str, ...]
Said = dict[str, Any]

ORDERS = [
    order
    for turn in range(len(NAMES))
    for order in (NAMES[turn:] + NAMES[:turn], (NAMES[turn:] + NAMES[:turn])[::-1])
]


def tree(view: SessionView) -> list[Any]:
    """Its lines, from top to bottom, with their depth."""
    model = view.processes.model
    found: list[Any] = []

    def walk(parent: QModelIndex, depth: int) -> None:
        for place in range(model.rowCount(parent)):
            index = model.index(place, 0, parent)
            numbers = model.processes_of(index)
            rows = [model.shown_row(number) for number in numbers]
            deeds = [[deed.phrase for deed in row.doing] for row in rows if row is not None]
            ends = [(row.is_live, row.outcome) for row in rows if row is not None]
            found.append((depth, index.data(), numbers, deeds, ends))
            walk(index, depth + 1)

    walk(QModelIndex(), 0)
    return found


def messages(panel: MessagesPanel) -> Any:
    return [row.message for row in panel.log.model.rows]


def traffic(panel: TrafficPanel) -> Any:
    columns = (NAME, TYPE, DEPTH, HOLDER, WAITERS)
    cells = [
        [panel.model.index(place, column).data() for column in columns]
        for place in range(panel.model.rowCount())
    ]
    rows = [panel.model.object_at(place) for place in range(panel.model.rowCount())]
    return cells, [row and (row.number, row.calls) for row in rows]


def wiring(panel: WiringPanel) -> Any:
    graph = panel.model.graph
    edges = {(*key, edge.total, edge.holds, edge.waits) for key, edge in graph.edges.items()}
    nodes = {(key, node.members) for key, node in graph.nodes.items()}
    drawn = set(panel.scene.nodes), set(panel.scene.edges)
    return nodes, edges, graph.hidden_ended, drawn


def timeline(panel: TimelinePanel) -> Any:
    lanes = [
        (lane.process.number, lane.process.label, lane.process.is_live, lane.thread, lane.more,
         lane.height)
        for lane in panel.canvas.lanes
    ]  # fmt: skip
    return lanes, panel.source.progress


def inspector(panel: InspectorPanel) -> Any:
    """What the cards say; how long things last goes on in a living session."""
    said = []
    cards = (panel.story, panel.doing, panel.waits, panel.holds, panel.uses)
    for card in cards:
        texts = [label.markup for label in card.findChildren(RichLabel) if label.isVisibleTo(card)]
        said.append((card.isVisibleTo(panel.page), [_SPAN.sub("#", text) for text in texts]))
    log = [line.partition("  ")[2] for line in panel.messages.log.toPlainText().splitlines()]
    return panel.header.name.text(), panel.header.state.text(), said, log


def findings(panel: FindingsPanel) -> Any:
    rows = [panel.model.row_at(place) for place in range(panel.model.rowCount())]
    facts = [panel.detail.facts.row_at(at) for at in range(panel.detail.facts.rowCount())]
    return rows, panel.list.selected, panel.detail.title.markup, facts, panel._hint.title


READ: dict[str, Callable[[Any], Any]] = {
    "messages": messages, "traffic": traffic, "wiring": wiring, "timeline": timeline,
    "inspector": inspector, "findings": findings,
}  # fmt: skip


def is_settled(panel: Any) -> bool:
    """Whether all that there is has been read and shown."""
    if isinstance(panel, WiringPanel):
        panel.look_now()  # the first picture waits for some of these
        return bool(panel.scene.nodes)
    if isinstance(panel, TimelinePanel):
        done = panel.source.timeline is not None and not panel.source.timeline.has_more()
        return done and not panel.source._work.running and len(panel.canvas.lanes) > 0
    if isinstance(panel, InspectorPanel):
        return not panel.tail.running
    if isinstance(panel, MessagesPanel):
        read = panel.source.reader is not None and panel.source.progress >= 1
        return read and not panel.log._timer.isActive()
    return True


class Opened:
    """Windows on one session, whose panels are opened in some order."""

    def __init__(self, qtbot: QtBot, fill: Callable[[SessionView], None], chosen: str) -> None:
        self.qtbot = qtbot
        self.fill = fill
        self.chosen = chosen

    def said(self, order: Order, moment: Callable[[SessionView], int] | None, first: int) -> Said:
        """What all say after they were opened in this order; the first so many of them before the
        window goes to a moment, if it does."""
        view = SessionView()
        self.qtbot.addWidget(view)
        view.resize(1200, 900)
        with self.qtbot.waitExposed(view):
            view.show()
        try:
            self.fill(view)
            number = next(r.number for r in view.store.processes if r.name == self.chosen)
            view.processes.select(number)
            unopened = tree(view)
            for place, name in enumerate(order):
                if place == first and moment is not None:
                    view.show_moment(moment(view))
                self.open(view, name)
            if first == len(order) and moment is not None:
                view.show_moment(moment(view))
            found = {}
            for name in order:  # what was hidden catches up
                self.open(view, name)
                found[name] = READ[name](view.made[name])
            if moment is None:
                assert tree(view) == unopened, "to look at the panels changes nothing"
            return found | {"tree": tree(view), "selected": view.selection.processes}
        finally:
            view.hide()
            view.close_session()

    def open(self, view: SessionView, name: str) -> None:
        view.tabs.show_place(NAMES.index(name))
        panel = view.made[name]
        assert panel.isVisible()
        self.qtbot.waitUntil(lambda: is_settled(panel))


def check(said: Said) -> None:
    """That there is something to compare."""
    assert len(said["tree"]) > 2
    cells, _ = said["traffic"]
    assert len(cells) > 2
    nodes, edges, _, drawn = said["wiring"]
    assert len(nodes) > 2
    assert edges
    assert len(drawn[0]) == len(nodes)
    lanes, (read, total) = said["timeline"]
    assert len(lanes) > 2
    assert read == total > 0
    name, _, cards, _ = said["inspector"]
    assert name
    assert any(visible and texts for visible, texts in cards)


def compare(one: Said, other: Said, order: Order) -> None:
    for name, value in one.items():
        assert other[name] == value, f"{name}, when opened as {order}"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StuckPeople]:
    """A real program that has come to rest."""
    with Live(tmp_path_factory.mktemp("orders") / "s.spawnscope") as live:
        found = StuckPeople(live)
        found.close()
        yield found
        del found.live


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("orders") / "story.spawnscope"
    assert record("--quiet", "-o", path, STORY).returncode == 0
    return str(path)


def test_a_living_session_says_the_same_in_every_order(qtbot: QtBot, people: StuckPeople) -> None:
    def fill(view: SessionView) -> None:
        view.store.apply(people.live.events)
        view.store.open(people.live.path)

    opened = Opened(qtbot, fill, "alice")
    first = opened.said(ORDERS[0], None, 0)
    check(first)
    assert first["inspector"][1] == "stuck"
    for order in ORDERS[1:]:
        compare(first, opened.said(order, None, 0), order)


def test_a_recorded_session_says_the_same_in_every_order(qtbot: QtBot, story: str) -> None:
    opened = Opened(qtbot, lambda view: view.show_recorded(story), "rival")
    first = opened.said(ORDERS[0], None, 0)
    check(first)
    assert [message.text for message in first["messages"]] == ["a rival warns"]
    for order in ORDERS[1:]:
        compare(first, opened.said(order, None, 0), order)


def test_a_moment_says_the_same_in_every_order(qtbot: QtBot, story: str) -> None:
    """Whether the panels are there already when the window goes to it, or come later."""

    def moment(view: SessionView) -> int:
        assert view.store.reader is not None
        waits = [one for _, one in view.store.reader.operations.page(limit=10_000)]
        rival = next(row.number for row in view.store.processes if row.name == "rival")
        wait = max((one for one in waits if one.process == rival), key=lambda one: one.waited_ns)
        return (wait.start_ns + wait.end_ns) // 2

    opened = Opened(qtbot, lambda view: view.show_recorded(story), "rival")
    at_end = opened.said(ORDERS[0], None, 0)
    first = opened.said(ORDERS[0], moment, 0)
    check(first)
    for name in ("tree", "traffic", "wiring", "inspector"):
        assert first[name] != at_end[name], f"{name} goes to the moment"
    for turn, order in enumerate(ORDERS):
        compare(first, opened.said(order, moment, turn % (len(order) + 1)), order)
