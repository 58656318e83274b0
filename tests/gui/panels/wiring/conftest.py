"""Made-up wiring, and a panel that shows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.analysis.wiring.graph import NodeKey
from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import (
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessExited,
    ProcessStarted,
    Role,
)
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.wiring.panel import WiringPanel

SECOND = 1_000_000_000
BEGAN = 1_700_000_000 * SECOND


class Source:
    """Stands for the session's file: the counters that are in it, and how often they were read."""

    def __init__(self) -> None:
        self.totals: dict[tuple[int, int, str], OperationCount] = {}
        self.moments: dict[int, ObjectState] = {}
        self.asked: list[int | None] = []

    def open(self, path: str) -> None:
        pass

    def close(self) -> None:
        pass

    def counters(self, moment_ns: int | None = None) -> list[tuple[int, int, OperationCount]]:
        self.asked.append(moment_ns)
        return [(number, process, total) for (number, process, _), total in self.totals.items()]

    def states(self, moment_ns: int) -> list[ObjectState]:
        return list(self.moments.values())


class Shop:
    """Tables and a panel over them; what is done to it goes to both."""

    def __init__(self, panel: WiringPanel, objects: ObjectTable, processes: ProcessTable) -> None:
        self.panel = panel
        self.objects = objects
        self.processes = processes
        self.source = Source()
        self.now = BEGAN
        panel.model.source = self.source  # type: ignore[assignment]
        panel.model._clock = lambda: self.now

    def start(
        self, number: int, name: str, parent: int | None = 1, role: Role = Role.CHILD
    ) -> None:
        event = ProcessStarted(
            number, 1000 + number, number, BEGAN, parent, 1, None, name, role, None, ()
        )
        self.processes.apply(event)
        self.panel.processes_changed()

    def end(self, number: int) -> None:
        event = ProcessExited(number, 1000 + number, self.now, 1, None, "Exited with 1.", (), ())
        self.processes.apply(event)
        self.panel.processes_changed()

    def make(self, number: int, kind: str, name: str, capacity: int | None = None) -> None:
        change = self.objects.apply(ObjectCreated(number, 1, BEGAN, kind, name, "", capacity))
        assert change is not None
        self.panel.objects_changed([change])

    def state(
        self, number: int, depth: int | None = None, holders: tuple[int, ...] = (),
        waiters: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        held = tuple((each, "MainThread") for each in holders)
        waited = tuple((each, "MainThread") for each in waiters)
        state = ObjectState(number, self.now, (), depth, held, waited)
        change = self.objects.apply(state)
        self.panel.objects_changed([] if change is None else [change])

    def use(self, process: int, operation: str, number: int, total: int = 1) -> None:
        count = OperationCount(operation, total, 0, 0, 0, 0, 0)
        self.source.totals[number, process, operation] = count

    def pipeline(self) -> None:
        """feeder --> jobs --> two workers --> done --> main."""
        self.start(1, "shop.py", None, Role.WORKER)
        for number, name in ((2, "feeder"), (3, "left"), (4, "right")):
            self.start(number, name)
        self.make(1, "Queue", "jobs", 10)
        self.make(2, "Queue", "done")
        self.use(2, "put", 1, 9)
        for number in (3, 4):
            self.use(number, "get", 1, 4)
            self.use(number, "put", 2, 4)
        self.use(1, "get", 2, 8)

    def look(self, seconds: float = 0.5) -> None:
        """Time passes, and the panel looks."""
        self.now += int(seconds * SECOND)
        self.panel._look()

    def places(self) -> dict[NodeKey, tuple[float, float]]:
        return {key: (item.x(), item.y()) for key, item in self.panel.scene.nodes.items()}


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def hidden_shop(qtbot: QtBot, selection: Selection) -> Iterator[Shop]:
    """A panel that nobody sees yet."""
    objects = ObjectTable()
    processes = ProcessTable(objects)
    panel = WiringPanel(objects, processes, selection)
    panel._patience = 0  # the first picture need not wait for more
    qtbot.addWidget(panel)
    panel.resize(1000, 560)
    yield Shop(panel, objects, processes)
    panel.hide()


@pytest.fixture
def shop(hidden_shop: Shop, qtbot: QtBot) -> Shop:
    """A panel on screen, with nothing to show. Its own beat does not interfere."""
    with qtbot.waitExposed(hidden_shop.panel):
        hidden_shop.panel.show()
    hidden_shop.panel._timer.stop()
    return hidden_shop
