"""Made-up shared objects and operations, and a panel that shows them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.client.object_table import ObjectTable
from spawnscope.core.client.process_table import ProcessTable
from spawnscope.core.vocabulary.events import (
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessStarted,
    Role,
)
from spawnscope.core.vocabulary.operation import Operation
from spawnscope.gui.views.traffic.panel import TrafficPanel

SECOND = 1_000_000_000
BEGAN = 1_700_000_000 * SECOND
PROCESSES = 4


class Make:
    """Makes events. Their time goes on by itself, half a second each."""

    def __init__(self) -> None:
        self._now = BEGAN

    def created(
        self, number: int, type_name: str = "Queue", name: str = "", capacity: int | None = None
    ) -> ObjectCreated:
        return ObjectCreated(
            number, 1 + number % PROCESSES, BEGAN, type_name, name, f"/shop/app.py:{number}",
            capacity,
        )  # fmt: skip

    def state(
        self,
        number: int,
        puts: int = 0,
        depth: int | None = 0,
        holders: tuple[tuple[int, str], ...] = (),
        waiters: tuple[tuple[int, str], ...] = (),
        waited: float = 0.0,
    ) -> ObjectState:
        self._now += SECOND // 2
        counts = (OperationCount("put", puts, 1 if waited else 0, int(waited * SECOND), 0, 0, 0),)
        return ObjectState(number, self._now, counts, depth, holders, waiters)

    def operation(self, number: int = 1, outcome: str = "ok", process: int = 1) -> Operation:
        return Operation(
            process, number, "put", "MainThread", BEGAN, BEGAN + 5000, 0, 10, "'x'", outcome,
            "/shop/app.py:9", "", 0,
        )  # fmt: skip


class Source:
    """Stands for the session's file: what was noted, and what was asked for."""

    def __init__(self) -> None:
        self.noted: list[tuple[int, Operation]] = []
        self.asked: list[tuple[int, int]] = []

    def note(self, *operations: Operation) -> None:
        self.noted += [(len(self.noted) + 1 + i, each) for i, each in enumerate(operations)]

    def open(self, path: str) -> None:
        pass

    def close(self) -> None:
        pass

    def newest(self, number: int, after_id: int) -> list[tuple[int, Operation]]:
        self.asked.append((number, after_id))
        return [pair for pair in self.noted if pair[1].object == number and pair[0] > after_id]


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture
def objects() -> ObjectTable:
    return ObjectTable()


@pytest.fixture
def processes(objects: ObjectTable) -> ProcessTable:
    table = ProcessTable(objects)
    for number in range(1, PROCESSES + 1):
        table.apply(
            ProcessStarted(
                number, 1000 + number, number, BEGAN, None, 1, None, f"worker {number}",
                Role.WORKER, None, (),
            )
        )  # fmt: skip
    return table


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def hidden_panel(
    qtbot: QtBot, objects: ObjectTable, processes: ProcessTable, source: Source
) -> Iterator[TrafficPanel]:
    """A panel that nobody sees yet."""
    panel = TrafficPanel(objects, processes)
    panel.source = source  # type: ignore[assignment]
    qtbot.addWidget(panel)
    panel.resize(1000, 500)
    yield panel
    panel.hide()


@pytest.fixture
def panel(hidden_panel: TrafficPanel, qtbot: QtBot) -> TrafficPanel:
    """A panel on screen."""
    with qtbot.waitExposed(hidden_panel):
        hidden_panel.show()
    return hidden_panel
