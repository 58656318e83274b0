"""A real program: the picture says what it does, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live import Live
from pytestqt.qtbot import QtBot

from spawnscope.core.analysis.wiring.graph import Edge
from spawnscope.core.store.session_store import SessionStore
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.wiring.panel import WiringPanel

EXPECTED = {
    ("feeder", "jobs", "into", 12),
    ("jobs", "splitter", "out", 12),
    ("splitter", "parts", "into", 12),
    ("parts", "wired.py", "out", 12),
    ("keeper", "here ⇄ there", "into", 1),
    ("here ⇄ there", "wired.py", "out", 1),
    ("keeper", "held", "into", 1),
    ("held", "seeker", "out", 1),
    ("keeper", "catalogue", "guard", 1),
    ("seeker", "catalogue", "guard", 0),
    ("never", "keeper", "out", 0),
    ("never", "wired.py", "out", 0),
    ("wired.py", "pool", "into", 1),
    ("pool", "3 pool workers", "out", 6),
}


class Watched:
    """A program under a real supervisor, and a panel that shows it."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.store = SessionStore()
        self.panel = WiringPanel(self.store, Selection())
        self.store.open(live.path)
        self._taken = 0

    def edges(self) -> dict[tuple[str, str, str], Edge]:
        """The edges by the names of what they connect, after all that has come in meanwhile."""
        new, self._taken = self.live.events[self._taken :], len(self.live.events)
        self.store.apply(new)
        self.panel.look_now()
        name = self.panel._text.name
        return {
            (name(edge.tail), name(edge.head), edge.key[2]): edge
            for edge in self.panel.model.graph.edges.values()
        }


@pytest.fixture
def watched(tmp_path: Path, qtbot: QtBot) -> Iterator[Watched]:
    with Live(tmp_path / "wired.spawnscope") as live:
        live.script("wired")
        live.says(None, "all set")
        watched = Watched(live)
        qtbot.addWidget(watched.panel)
        watched.panel.resize(1000, 560)
        with qtbot.waitExposed(watched.panel):
            watched.panel.show()
        watched.panel._beat.stop()
        yield watched
        watched.panel.hide()
        watched.panel.close_session()
        watched.store.close()
        del watched.live  # pytest keeps what a fixture gave; the client has semaphores to free


def test_the_graph_is_exactly_that_of_the_program(watched: Watched) -> None:
    def found() -> set[tuple[str, str, str, int]]:
        return {(*names, edge.total) for names, edge in watched.edges().items()}

    watched.live.until(lambda: found() == EXPECTED, 10, f"{found() ^ EXPECTED}")
    edges = watched.live.until(
        lambda: (e := watched.edges())["seeker", "catalogue", "guard"].waiting > 0.9 and e,
        10, "the waiter, who waits all the time",
    )  # fmt: skip
    assert edges["seeker", "catalogue", "guard"].waits
    assert edges["keeper", "catalogue", "guard"].holds
    assert not edges["keeper", "catalogue", "guard"].waits
    assert not edges["seeker", "catalogue", "guard"].holds
    assert edges["never", "keeper", "out"].waits
    assert [key for key, edge in edges.items() if edge.holds] == [("keeper", "catalogue", "guard")]
    nodes = watched.panel.scene.nodes
    titles = {item.face.title: item.face for item in nodes.values()}
    assert titles["feeder"].faded, "it has ended"
    assert titles["catalogue"].detail == "held by keeper"
    assert titles["catalogue"].note == "1 waits"
    assert titles["3 pool workers"].look == "group"
    assert len(titles) == 13
