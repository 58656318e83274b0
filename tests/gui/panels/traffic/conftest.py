"""Made-up shared objects and operations, and a panel that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.store.session_store import SessionStore
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

    def series(
        self, number: int, start: int, end: int, points: int
    ) -> list[tuple[int, int | None, int, int]]:
        return [(start, 0, 0, 0), (end - 30 * SECOND, 8, 40, 32)]


@pytest.fixture
def make() -> Make:
    return Make()


class WrittenTotals(SessionStore):
    """A store whose totals stand in a source that is written down."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source

    def users_of(self, number: int) -> list[tuple[int, OperationCount]]:
        return self._source.totals


@pytest.fixture
def store(source: Source, start_workers: Callable[..., None]) -> SessionStore:
    store = WrittenTotals(source)
    start_workers(store.processes, PROCESSES, "worker {}")
    return store


@pytest.fixture
def objects(store: SessionStore) -> ObjectTable:
    return store.objects


@pytest.fixture
def processes(store: SessionStore) -> ProcessTable:
    return store.processes


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def hidden_panel(
    qtbot: QtBot, store: SessionStore, selection: Selection, source: Source
) -> Iterator[TrafficPanel]:
    """A panel that nobody sees yet."""
    panel = TrafficPanel(store, selection)
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
def feed(panel: TrafficPanel, store: SessionStore) -> Callable[..., None]:
    """Gives events to the store that the panel shows."""

    def give(*events: ObjectCreated | ObjectState) -> None:
        store.apply(list(events))

    return give
