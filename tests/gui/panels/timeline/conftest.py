"""One real program, recorded once, and panels that show it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from recording import record

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.operation import Operation
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.timeline.canvas import TimelineCanvas
from spawnscope.gui.panels.timeline.lanes import Lane
from spawnscope.gui.panels.timeline.panel import TimelinePanel

STORY = Path(__file__).resolve().parents[3] / "targets" / "timeline_story.py"


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The session of tests/targets/timeline_story.py."""
    path = tmp_path_factory.mktemp("timeline") / "story.spawnscope"
    done = record("--quiet", "-o", path, STORY)
    assert done.returncode == 0, done.stderr.decode()
    return str(path)


@pytest.fixture(scope="session")
def noted(story: str) -> dict[int, Operation]:
    """All operations of the story, by id."""
    reader = SessionReader(story)
    try:
        return dict(reader.operations.page(limit=100_000))
    finally:
        reader.close()


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def store() -> SessionStore:
    return SessionStore()


@pytest.fixture
def blank(qtbot: QtBot, store: SessionStore, selection: Selection) -> Iterator[TimelinePanel]:
    """A panel that nobody sees yet, of no session."""
    panel = TimelinePanel(store, selection)
    qtbot.addWidget(panel)
    panel.resize(1000, 600)
    yield panel
    panel.hide()
    panel.close_session()
    store.close()


@pytest.fixture
def panel(blank: TimelinePanel, store: SessionStore, story: str, qtbot: QtBot) -> TimelinePanel:
    """The story on screen, read to its end."""
    store.load(story)
    with qtbot.waitExposed(blank):
        blank.show()
    read_all(blank, qtbot)
    return blank


def read_all(panel: TimelinePanel, qtbot: QtBot) -> None:
    """Wait until all is read and shown."""
    qtbot.waitUntil(
        lambda: (
            not panel.source._work.running
            and not panel.canvas._soon.isActive()
            and panel.source.timeline is not None
        )
    )


@pytest.fixture
def lane_of() -> Callable[[TimelineCanvas, str], Lane]:
    """Finds the lane of the process with a name."""

    def find(canvas: TimelineCanvas, name: str) -> Lane:
        return next(
            lane for lane in canvas.lanes if lane.process.label == name and not lane.is_thread
        )

    return find


@pytest.fixture
def value() -> Callable[[Operation], object]:
    """Says what went through a queue, as the preview tells."""
    return lambda operation: ast.literal_eval(operation.preview or "None")
