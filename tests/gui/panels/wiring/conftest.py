"""Made-up wiring, and a panel that shows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.analysis.wiring.graph import NodeKey
from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.store.session import Session
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.store.store import Store
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


class WrittenCounters(SessionStore):
    """A store with a time of its own, whose counters are written down. `asked`: for which times
    they were read, None for now."""

    def __init__(self) -> None:
        super().__init__()
        self.totals: dict[tuple[int, int, str], OperationCount] = {}
        self.asked: list[int | None] = []
        self.time_ns = BEGAN

    def now_ns(self) -> int:
        return self.time_ns

    def counters(self, process: int | None = None) -> list[tuple[int, int, OperationCount]]:
        return self.counters_at(None)

    def counters_at(self, time_ns: int | None) -> list[tuple[int, int, OperationCount]]:
        """What a file with these counters has noted at any time."""
        self.asked.append(time_ns)
        return [(number, process, total) for (number, process, _), total in self.totals.items()]

    def at(self, moment_ns: int | None) -> Store:
        """What began by then, with the counters of now."""
        return self if moment_ns is None else WrittenMoment(self, moment_ns)


class WrittenMoment(Store):
    """A moment of a store whose counters are written down."""

    def __init__(self, store: WrittenCounters, moment_ns: int) -> None:
        objects = ObjectTable()
        if moment_ns >= BEGAN:
            made = (ObjectCreated(row.number, row.creator, row.created_ns, row.type, row.name,
                                  row.site, row.capacity) for row in store.objects)  # fmt: skip
            objects.load(made, ())
        rows = [row for row in store.processes if row.started_ns <= moment_ns]
        super().__init__(ProcessTable.of(rows, objects), store.findings, moment_ns)
        self._store = store

    @property
    def session(self) -> Session:
        return self._store

    def now_ns(self) -> int:
        assert self.moment_ns is not None
        return self.moment_ns

    def counters(self, process: int | None = None) -> list[tuple[int, int, OperationCount]]:
        return self._store.counters_at(self.moment_ns)

    def counters_before(self, ago_ns: int) -> list[tuple[int, int, OperationCount]]:
        return self._store.counters_at(self.now_ns() - ago_ns)

    def users_of(self, number: int) -> list[tuple[int, OperationCount]]:
        return []


class Shop:
    """A store and a panel over it."""

    def __init__(self, panel: WiringPanel, store: WrittenCounters) -> None:
        self.panel = panel
        self.store = store
        self.processes = store.processes

    @property
    def now(self) -> int:
        """What time it is."""
        return self.store.time_ns

    def start(
        self, number: int, name: str, parent: int | None = 1, role: Role = Role.CHILD
    ) -> None:
        event = ProcessStarted(
            number, 1000 + number, number, BEGAN, parent, 1, None, name, role, None, ()
        )
        self.store.apply([event])

    def end(self, number: int) -> None:
        event = ProcessExited(number, 1000 + number, self.now, 1, None, "Exited with 1.", (), ())
        self.store.apply([event])

    def make(self, number: int, kind: str, name: str, capacity: int | None = None) -> None:
        self.store.apply([ObjectCreated(number, 1, BEGAN, kind, name, "", capacity)])

    def state(
        self, number: int, depth: int | None = None, holders: tuple[int, ...] = (),
        waiters: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        held = tuple((each, "MainThread") for each in holders)
        waited = tuple((each, "MainThread") for each in waiters)
        self.store.apply([ObjectState(number, self.now, (), depth, held, waited)])

    def use(self, process: int, operation: str, number: int, total: int = 1) -> None:
        count = OperationCount(operation, total, 0, 0, 0, 0, 0)
        self.store.totals[number, process, operation] = count

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
        self.store.time_ns += int(seconds * SECOND)
        self.panel.look_now()

    def places(self) -> dict[NodeKey, tuple[float, float]]:
        return {key: (item.x(), item.y()) for key, item in self.panel.scene.nodes.items()}


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def hidden_shop(qtbot: QtBot, selection: Selection) -> Iterator[Shop]:
    """A panel that nobody sees yet."""
    store = WrittenCounters()
    panel = WiringPanel(store, selection)
    panel._patience = 0  # the first picture need not wait for more
    qtbot.addWidget(panel)
    panel.resize(1000, 560)
    yield Shop(panel, store)
    panel.hide()


@pytest.fixture
def shop(hidden_shop: Shop, qtbot: QtBot) -> Shop:
    """A panel on screen, with nothing to show. Its own beat does not interfere."""
    with qtbot.waitExposed(hidden_shop.panel):
        hidden_shop.panel.show()
    hidden_shop.panel._beat.stop()
    return hidden_shop
