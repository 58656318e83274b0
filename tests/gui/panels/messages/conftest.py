"""Real sessions, written as the supervisor writes them, and the panel on top of one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from panel_store import store_of
from pytestqt.qtbot import QtBot

from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import Stream
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.messages.panel import MessagesPanel

PROCESSES = 4


class Session:
    """A session file that grows as a test wants."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.writer = SessionWriter(path, about={})
        self.closed = False

    def say(
        self,
        *lines: str | bytes,
        process: int = 1,
        stream: Stream = Stream.STDOUT,
        flags: int = 0,
    ) -> int:
        """Write lines and flush; returns the last message's id."""
        raw = [line.encode() if isinstance(line, str) else line for line in lines]
        self.writer.messages(process, stream, b"\n".join(raw), len(raw), time.time_ns(), flags)
        return self.writer.flush()

    def fill(self, count: int, start: int = 1) -> int:
        """Write the lines "line START" and so on, in turns by all processes."""
        number = start
        while number < start + count:
            end = min(number + 50, start + count)
            body = b"\n".join(b"line %d" % each for each in range(number, end))
            process = number // 50 % PROCESSES + 1
            self.writer.messages(process, Stream.STDOUT, body, end - number, time.time_ns())
            number = end
        return self.writer.flush()

    def write_open_line(self, text: str, process: int = 1) -> int:
        """Let a line be unfinished; "" for none."""
        self.writer.open_line(process, Stream.STDOUT, text.encode(), time.time_ns())
        return self.writer.flush()

    def open_in(self, panel: MessagesPanel, qtbot: QtBot) -> None:
        """Open it in the panel and wait until the log has come to rest."""
        store_of(panel).open(self.path)
        qtbot.waitUntil(lambda: panel.log.total > 0 and not panel.log._timer.isActive())

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.writer.close()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = Session(tmp_path / "test.session")
    yield session
    session.close()


@pytest.fixture
def store(start_workers: Callable[..., None]) -> Iterator[SessionStore]:
    store = SessionStore()
    start_workers(store.processes, PROCESSES, "worker-{}")
    yield store
    store.close()


@pytest.fixture
def table(store: SessionStore) -> ProcessTable:
    return store.processes


@pytest.fixture
def hidden_panel(qtbot: QtBot, store: SessionStore) -> Iterator[MessagesPanel]:
    """A panel that nobody sees yet."""
    panel = MessagesPanel(store, Selection())
    qtbot.addWidget(panel)
    panel.resize(900, 500)
    yield panel
    panel.close_session()


@pytest.fixture
def panel(
    hidden_panel: MessagesPanel, on_screen: Callable[[MessagesPanel], MessagesPanel]
) -> MessagesPanel:
    """A panel on screen."""
    return on_screen(hidden_panel)


@pytest.fixture
def texts(panel: MessagesPanel) -> Callable[[], list[str]]:
    """What the rows in view say."""
    return lambda: [row.text for row in panel.log.model.rows]
