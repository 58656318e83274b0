"""A real program, recorded: what the panel says is what the program did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from recording import record

from spawnscope.core.analysis.waits.split import Balance
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.operation import Operation
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.traffic.columns import PUT_WAIT
from spawnscope.gui.panels.traffic.detail_frame import LINES, PROCESSES
from spawnscope.gui.panels.traffic.panel import TrafficPanel

PROGRAM = Path(__file__).resolve().parents[3] / "targets" / "two_bottlenecks.py"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("traffic") / "two.spawnscope"
    done = record("--quiet", "-o", path, PROGRAM, "1.6")
    assert done.returncode == 0, done.stderr.decode()
    return str(path)


@pytest.fixture(scope="module")
def reader(path: str) -> Iterator[SessionReader]:
    reader = SessionReader(path)
    yield reader
    reader.close()


@pytest.fixture
def numbers(reader: SessionReader) -> dict[str, int]:
    """The objects, by their names."""
    return {each.name: each.object for each in reader.objects.all()}


@pytest.fixture
def noted(reader: SessionReader, numbers: dict[str, int]) -> list[tuple[int, Operation]]:
    """All operations on the crowded queue."""
    return reader.operations.page(numbers["crowded"], limit=100_000)


@pytest.fixture
def store(path: str) -> Iterator[SessionStore]:
    store = SessionStore()
    store.load(path)
    yield store
    store.close()


@pytest.fixture
def panel(
    qtbot: QtBot, store: SessionStore, on_screen: Callable[[TrafficPanel], TrafficPanel]
) -> Iterator[TrafficPanel]:
    panel = TrafficPanel(store, Selection())
    qtbot.addWidget(panel)
    panel.resize(1100, 700)
    yield on_screen(panel)
    panel.close_session()
    panel.hide()


def test_the_verdict_and_the_times_are_those_of_the_program(
    panel: TrafficPanel, numbers: dict[str, int]
) -> None:
    for name, verdict in (("crowded", Balance.PRODUCERS_WAIT), ("idle", Balance.CONSUMERS_WAIT)):
        panel.select(numbers[name])
        split = panel.detail.strip.split
        assert split is not None
        assert split.balance is verdict
    row = panel.model.object_at(panel.model.index_of(numbers["crowded"]).row())
    assert row is not None
    assert row.put_wait_ns > 1_000_000_000 > row.get_wait_ns
    assert str(panel.model.index_of(row.number, PUT_WAIT).data()).endswith(" s")


def test_filters_find_exactly_what_the_session_holds(
    panel: TrafficPanel, numbers: dict[str, int], noted: list[tuple[int, Operation]], qtbot: QtBot
) -> None:
    panel.select(numbers["crowded"])
    detail = panel.detail
    assert [row[0] for row in detail.operations._rows] == [id_ for id_, _ in noted][-400:]
    detail.filters.waited.click()
    qtbot.waitUntil(lambda: not detail.feed.searching)
    expected = [id_ for id_, each in noted if each.waited_ns > 10_000_000]
    assert [row[0] for row in detail.operations._rows] == expected != []
    taker = next(each.process for _, each in noted if each.operation == "get")
    detail.filters.clear()
    detail.filters.choose(taker)
    qtbot.waitUntil(lambda: not detail.feed.searching)
    expected = [id_ for id_, each in noted if each.process == taker]
    assert [row[0] for row in detail.operations._rows] == expected[-400:] != []


def test_totals_are_those_of_the_processes_and_lines_of_the_program(
    panel: TrafficPanel,
    numbers: dict[str, int],
    noted: list[tuple[int, Operation]],
    reader: SessionReader,
) -> None:
    number = numbers["crowded"]
    panel.select(number)
    panel.detail.tabs.setCurrentIndex(PROCESSES)
    users = {row.process: row for row in panel.detail.users._rows}
    counts = [count for obj, _, count in reader.objects.counters() if obj == number]
    made = [count for count in counts if count.operation in ("put", "get")]
    assert sum(row.calls for row in users.values()) == sum(count.count for count in made)
    assert sum(row.calls_share for row in users.values()) == pytest.approx(1)
    assert sum(row.waited_share for row in users.values()) == pytest.approx(1)
    panel.detail.tabs.setCurrentIndex(LINES)
    source = PROGRAM.read_text().splitlines()
    for line in panel.detail.sites._rows:
        name, _, place = line.site.rpartition(":")
        if line.operation in ("put", "get"):
            assert name == str(PROGRAM)
            assert f"queue.{line.operation}(" in source[int(place) - 1]
    recorded = sum(line.calls for line in panel.detail.sites._rows)
    assert recorded == len(noted)
    row = panel.store.objects[number]
    assert row.calls == recorded + panel.detail._only_counted


def test_it_shows_an_earlier_moment_and_comes_back(
    panel: TrafficPanel,
    store: SessionStore,
    numbers: dict[str, int],
    noted: list[tuple[int, Operation]],
) -> None:
    number = numbers["crowded"]
    panel.select(number)
    last = panel.detail.operations.last_id
    final = panel.store.objects[number]
    moment = noted[len(noted) // 2][1].end_ns
    panel.show_store(store.at(moment))
    then = panel.store.objects[number]
    assert 0 < then.calls < final.calls
    assert then.inward is not None
    assert then.inward > 0
    assert panel.list.selected == number
    assert panel.detail.operations.last_id < last
    assert panel.detail.operations.operation_at(0) is not None
    ends = [row[1].end_ns for row in panel.detail.operations._rows]
    assert sum(1 for end in ends if end > moment) < len(ends) / 2
    panel.detail.tabs.setCurrentIndex(PROCESSES)
    assert 0 < sum(row.calls for row in panel.detail.users._rows) <= final.calls
    created = min(row.created_ns for row in store.objects)
    panel.show_store(store.at(created - 1))
    assert panel.model.rowCount() == 0
    assert panel._hint.title == "No shared objects"
    panel.show_store(store.at(None))
    assert panel.store.objects[number] == final
    assert panel.detail.operations.last_id == last
    assert panel.list.selected == number
