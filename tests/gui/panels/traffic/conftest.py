"""Made-up shared objects and operations, and a panel that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import ObjectCreated, ObjectState, OperationCount
from spawnscope.core.vocabulary.operation import Operation
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.traffic.operation_source import OperationFilter
from spawnscope.gui.panels.traffic.panel import TrafficPanel

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

    def operation(
        self,
        number: int = 1,
        outcome: str = "ok",
        process: int = 1,
        waited: float = 0.0,
        preview: str = "'x'",
    ) -> Operation:
        return Operation(
            process, number, "put", "MainThread", BEGAN, BEGAN + 5000, int(waited * SECOND), 10,
            preview, outcome, "/shop/app.py:9", "", 0,
        )  # fmt: skip


class Source:
    """Stands for the session's file: what was noted, and how often it was asked."""

    def __init__(self) -> None:
        self.noted: list[tuple[int, Operation]] = []
        self.totals: list[tuple[int, OperationCount]] = []
        self.asked = 0

    def note(self, *operations: Operation) -> None:
        first = len(self.noted) + 1
        self.noted += [(first + i, each) for i, each in enumerate(operations)]

    def open(self, path: str) -> None:
        pass

    def close(self) -> None:
        pass

    def operations(
        self,
        number: int,
        after_id: int,
        before_id: int,
        limit: int,
        wanted: OperationFilter,
        *,
        newest: bool,
    ) -> list[tuple[int, Operation]]:
        self.asked += 1
        found = [
            (id_, each)
            for id_, each in self.noted[after_id : before_id - 1]
            if each.object == number
            and (wanted.processes is None or each.process in wanted.processes)
            and each.waited_ns >= wanted.waited_over_ns
            and wanted.text in (each.preview or "")
        ]
        return found[-limit:] if newest else found[:limit]

    def last_id(self) -> int:
        return len(self.noted)

    def sites(self, number: int) -> list[tuple[str, str, int, int]]:
        self.asked += 1
        ours = [each for _, each in self.noted if each.object == number]
        waited = sum(each.waited_ns for each in ours)
        return [("/shop/app.py:9", "put", len(ours), waited)] if ours else []

    def counters(self, number: int, moment: int | None) -> list[tuple[int, OperationCount]]:
        return self.totals

    def end_ns(self) -> int:
        return BEGAN + 100 * SECOND

    def series(
        self, number: int, start: int, end: int, points: int
    ) -> list[tuple[int, int | None, int, int]]:
        return [(start, 0, 0, 0), (end - 30 * SECOND, 8, 40, 32)]


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture
def objects() -> ObjectTable:
    return ObjectTable()


@pytest.fixture
def processes(objects: ObjectTable, start_workers: Callable[..., None]) -> ProcessTable:
    table = ProcessTable(objects)
    start_workers(table, PROCESSES, "worker {}")
    return table


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def hidden_panel(
    qtbot: QtBot,
    objects: ObjectTable,
    processes: ProcessTable,
    selection: Selection,
    source: Source,
) -> Iterator[TrafficPanel]:
    """A panel that nobody sees yet."""
    panel = TrafficPanel(objects, processes, selection)
    for one in (panel, panel.detail, panel.detail.feed, panel.traces):
        one.source = source  # type: ignore[assignment]
    qtbot.addWidget(panel)
    panel.resize(1000, 600)
    yield panel
    panel.hide()


@pytest.fixture
def panel(
    hidden_panel: TrafficPanel, on_screen: Callable[[TrafficPanel], TrafficPanel]
) -> TrafficPanel:
    """A panel on screen."""
    return on_screen(hidden_panel)


@pytest.fixture
def feed(panel: TrafficPanel, objects: ObjectTable) -> Callable[..., None]:
    """Gives events to the table and tells the panel, as the session view does."""

    def give(*events: ObjectCreated | ObjectState) -> None:
        changes = [change for change in map(objects.apply, events) if change is not None]
        panel.objects_changed(changes)

    return give
