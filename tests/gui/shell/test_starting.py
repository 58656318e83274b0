"""What is started comes into view in every panel, and what is cleared goes from every panel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from live import TARGETS
from panel_places import INSPECTOR, MESSAGES, TIMELINE, TRAFFIC, WIRING
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from spawnscope.core.client.client import Client
from spawnscope.core.vocabulary.events import ProcessStarted, Role
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind
from spawnscope.gui.shell.live_session import LiveSession
from spawnscope.gui.shell.session_view import SessionView

Start = Callable[..., list[int]]


@pytest.fixture
def view(qtbot: QtBot) -> SessionView:
    view = SessionView()
    qtbot.addWidget(view)
    view.resize(1100, 760)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.fixture
def start(view: SessionView, qtbot: QtBot, home: Path, tmp_path: Path) -> Iterator[Start]:
    """Starts what a real supervisor runs, and gives the numbers of the workers."""
    client = Client(session_path=str(tmp_path / "s.spawnscope"))
    session = LiveSession(client, view.store.processes)
    started: list[tuple[int, int]] = []
    session.workers_started.connect(
        lambda request, processes: started.extend((request, process) for process in processes)
    )
    view.attach(session)

    def start(*words: str, count: int = 1) -> list[int]:
        kind = TargetKind.SCRIPT if words[0].endswith(".py") else TargetKind.COMMAND
        request = session.launch(
            LaunchSpec(kind=kind, target=words[0], arguments=words[1:], count=count)
        )
        mine = lambda: [process for asked, process in started if asked == request]  # noqa: E731
        qtbot.waitUntil(lambda: len(mine()) == count, timeout=20_000)
        return mine()

    yield start
    session.close()
    view.close_session()


def messages_of(view: SessionView) -> Any:
    return view.panel("messages")


def ended(view: SessionView, *processes: int) -> bool:
    return all(not view.store.processes[process].is_live for process in processes)


def test_what_is_started_is_selected_everywhere(
    view: SessionView, start: Start, qtbot: QtBot
) -> None:
    for place in (TRAFFIC, WIRING, INSPECTOR, TIMELINE):
        view.tabs.show_place(place)
    first = start("true")
    assert view.selection.processes == frozenset(first)
    second = start("sleep", "60", count=3)
    assert view.selection.processes == frozenset(second)
    assert view.processes.selected() == frozenset(second)
    assert messages_of(view).filtering.processes == frozenset(second)
    third = start("sleep", "60")
    canvas: Any = view.made["timeline"]
    qtbot.waitUntil(lambda: canvas.canvas.lanes.of(third[0]) is not None)
    view.tabs.show_place(INSPECTOR)
    inspector: Any = view.made["inspector"]
    assert inspector.process == third[0]


def test_nobody_is_taken_away_who_writes_has_pinned_or_paused(
    view: SessionView, start: Start, qtbot: QtBot
) -> None:
    first = frozenset(start("true"))
    view.processes.toolbar.pin.trigger()
    start("true")
    assert view.selection.processes == first
    view.processes.toolbar.pin.trigger()
    view.processes.set_paused(True)
    start("true")
    assert view.selection.processes == first
    view.processes.set_paused(False)
    field = QLineEdit(view)
    field.show()
    field.setText("cpu")
    view.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    view._revealing.on_launch_asked(77)
    field.setText("cpu>2")  # a key, between the click and the start
    view._revealing.on_workers_started(77, [3])
    assert view.selection.processes == first
    second = frozenset(start("true"))  # nothing was written since this one was asked for
    assert view.selection.processes == second


def test_a_filter_that_hides_it_is_told(view: SessionView, start: Start, qtbot: QtBot) -> None:
    view.processes.filter_field.setText("name:nobody")
    view.processes.filter_field._apply()
    start("sleep", "60")
    assert "has started; the filter hides it" in view.processes.outcome.sentence


def test_what_starts_below_a_selected_process_writes_among_its_messages(
    view: SessionView, start: Start, qtbot: QtBot
) -> None:
    (worker,) = start(str(TARGETS / "three_children.py"), "fork")
    qtbot.waitUntil(lambda: ended(view, worker), timeout=20_000)
    children = set(view.store.processes.descendants(worker))
    assert len(children) >= 3
    assert messages_of(view).filtering.processes == {worker, *children}
    start("true")
    assert not messages_of(view).filtering.processes & children  # type: ignore[operator]


def test_what_is_cleared_is_gone_from_every_panel(
    view: SessionView, start: Start, qtbot: QtBot
) -> None:
    for place in (TRAFFIC, WIRING, INSPECTOR, TIMELINE, MESSAGES):
        view.tabs.show_place(place)
    (stays,) = start("sleep", "60")
    (worker,) = start(str(TARGETS / "wired.py"))
    view.scope_bar.whole.click()
    qtbot.waitUntil(lambda: len(view.store.objects) > 0, timeout=20_000)
    view.processes.stop_requested.emit(worker, True)
    qtbot.waitUntil(
        lambda: ended(view, worker, *view.store.processes.descendants(worker)), timeout=20_000
    )
    gone = {worker, *view.store.processes.descendants(worker)}
    made: Any = view.made
    view.tabs.show_place(TRAFFIC)
    view.selection.select_object(next(iter(view.store.objects)).number)
    view.processes.select(worker)
    view.processes.toolbar.clear.trigger()
    assert made["traffic"].model.rowCount() == 0
    assert view.tabs.bar.tabText(TRAFFIC) == "Traffic"
    assert view.selection.object == 0
    assert view.selection.processes == frozenset()
    assert made["inspector"].process is None
    view.tabs.show_place(WIRING)
    qtbot.waitUntil(lambda: not made["wiring"].model.graph.nodes)
    view.tabs.show_place(TIMELINE)
    assert {lane.process.number for lane in made["timeline"].canvas.lanes} == {stays}
    view.tabs.show_place(MESSAGES)
    wanted = messages_of(view).source.filter
    assert wanted is not None
    assert wanted.processes is None
    assert wanted.without >= gone
    assert messages_of(view).filtering.strip._label.text() == ""  # nobody looked for anything


def test_what_is_started_is_the_scope_of_every_panel(
    view: SessionView, start: Start, qtbot: QtBot
) -> None:
    for place in (TRAFFIC, WIRING, TIMELINE, MESSAGES):
        view.tabs.show_place(place)
    made: Any = view.made
    (wired,) = start(str(TARGETS / "wired.py"))
    qtbot.waitUntil(lambda: view.tabs.bar.tabText(TRAFFIC) != "Traffic", timeout=20_000)
    (alone,) = start("sleep", "60")
    assert not view.processes.model.index_of(wired).isValid()
    assert view.processes.model.index_of(alone).isValid()
    assert view.tabs.bar.tabText(TRAFFIC) == "Traffic"
    wanted = messages_of(view).source.filter
    assert wanted is not None
    assert wired in wanted.without
    view.tabs.show_place(TRAFFIC)
    qtbot.waitUntil(lambda: made["traffic"].model.rowCount() == 0)
    view.tabs.show_place(WIRING)
    qtbot.waitUntil(lambda: not made["wiring"].model.graph.nodes)
    view.tabs.show_place(TIMELINE)
    lanes = made["timeline"].canvas
    qtbot.waitUntil(lambda: {lane.process.number for lane in lanes.lanes} == {alone})
    bar = view.scope_bar
    assert bar.newest.isChecked()
    bar.whole.click()
    assert view.processes.model.index_of(wired).isValid()
    assert view.processes.model.index_of(alone).isValid()
    bar.newest.click()
    assert not view.processes.model.index_of(wired).isValid()
    bar.living.click()
    assert view.store.scope.living
    assert view.processes.model.index_of(wired).isValid() == (
        view.store.processes[wired].worker in view.store._runs.living
    )


def test_clearing_can_be_undone(view: SessionView, start: Start, qtbot: QtBot) -> None:
    (over,) = start("true")
    qtbot.waitUntil(lambda: ended(view, over), timeout=20_000)
    view.processes.toolbar.clear.trigger()
    assert not view.processes.model.index_of(over).isValid()
    assert view.store.has_cleared
    qtbot.waitUntil(view.scope_bar.undo.isVisible)
    view.scope_bar.undo.click()
    assert view.processes.model.index_of(over).isValid()
    assert not view.store.has_cleared


def test_a_restart_takes_the_place_of_the_run_before(
    view: SessionView, start: Start, qtbot: QtBot
) -> None:
    (before,) = start("sleep", "60")
    run = view.store.processes[before].worker
    view.processes.restart_requested.emit(before)
    qtbot.waitUntil(lambda: view.store.scope.runs not in (None, {run}), timeout=20_000)
    runs = view.store.scope.runs
    assert runs is not None
    assert len(runs) == 1
    assert run not in runs
    assert not view.processes.model.index_of(before).isValid()


def test_what_is_over_cannot_be_cleared(view: SessionView) -> None:
    view._on_events([ProcessStarted(2, 12, 1, 1, None, 1, None, "a", Role.WORKER, None, ())])
    view.store.mark_lost()
    assert view.processes.toolbar.clear.isEnabled()
    view.store.end()
    assert not view.processes.toolbar.clear.isEnabled()
