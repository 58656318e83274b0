"""Events of made-up processes, and a panel that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.codes import StopStep
from spawnscope.core.vocabulary.events import (
    ProcessExited,
    ProcessStarted,
    Role,
    Sample,
    StopProgress,
)
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.processes.panel import ProcessesPanel

SECOND = 1_000_000_000


class Make:
    """Makes events. Their time goes on by itself, a second each."""

    def __init__(self) -> None:
        self._now = SECOND

    def _tick(self) -> int:
        self._now += SECOND
        return self._now

    def started(
        self, process: int, parent: int | None = None, role: Role = Role.CHILD, name: str = ""
    ) -> ProcessStarted:
        return ProcessStarted(
            process=process,
            pid=1000 + process,
            start_ticks=process,
            time_ns=self._tick(),
            parent=parent,
            ppid=1000 + (parent or 0),
            worker=None,
            name=name or f"name {process}",
            role=role,
            start_method="fork",
            cmdline=("python", f"{process}.py"),
        )

    def exited(self, process: int, outcome: str = "Ended normally after 1.0 s.") -> ProcessExited:
        return ProcessExited(process, 1000 + process, self._tick(), 0, None, outcome)

    def killed(self, process: int, outcome: str = "Killed by SIGKILL.") -> ProcessExited:
        return ProcessExited(process, 1000 + process, self._tick(), None, "SIGKILL", outcome)

    def sample(self, process: int, cpu: float = 1.0, status: str = "sleeping") -> Sample:
        return Sample(process, 1000 + process, self._tick(), cpu, 4096, 1, 3, status)

    def step(self, process: int, step: StopStep, seconds: int = 3) -> StopProgress:
        now, grace = self._tick(), seconds * 10**9
        name, pid = f"name {process}", 1000 + process
        return StopProgress(process, now, False, step, name, pid, grace, now + grace)

    def family(self, workers: int = 3, children: int = 2) -> list[ProcessStarted]:
        """The supervisor (1), workers (10, 20 ...) and the children of each (11, 12 ...)."""
        events = [self.started(1, None, Role.SUPERVISOR, "supervisor")]
        for worker in range(10, 10 * workers + 1, 10):
            events.append(self.started(worker, 1, Role.WORKER))
            for child in range(worker + 1, worker + 1 + children):
                events.append(self.started(child, worker))
        return events


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture
def recorded(tmp_path: Path, store: SessionStore) -> Iterator[Callable[[list[Any]], str]]:
    """Writes a session of the starts and ends that it is given; returns its path."""

    def record(events: list[Any]) -> str:
        path = tmp_path / "past.spawnscope"
        writer = SessionWriter(path, about={})
        for event in events:
            if isinstance(event, ProcessStarted):
                writer.process_started(event)
            else:
                writer.process_exited(event)
        writer.flush()
        writer.close()
        return str(path)

    yield record
    store.close()


@pytest.fixture
def store() -> SessionStore:
    return SessionStore()


@pytest.fixture
def table(store: SessionStore) -> ProcessTable:
    return store.processes


@pytest.fixture
def new_panel(qtbot: QtBot, store: SessionStore) -> Callable[[], ProcessesPanel]:
    """Makes a panel of 1100 x 420, shown."""

    def new() -> ProcessesPanel:
        panel = ProcessesPanel(store, Selection())
        qtbot.addWidget(panel)
        panel.resize(1100, 420)
        with qtbot.waitExposed(panel):
            panel.show()
        return panel

    return new


@pytest.fixture
def panel(
    new_panel: Callable[[], ProcessesPanel], store: SessionStore, make: Make
) -> ProcessesPanel:
    """A panel with the family of Make.family()."""
    panel = new_panel()
    store.apply(list(make.family()))
    return panel
