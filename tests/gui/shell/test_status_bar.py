"""The status bar tells what is, not what was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import (
    ProcessExited,
    ProcessStarted,
    Role,
    Sample,
    Stream,
    WorkerStarted,
)
from spawnscope.gui.shell.session_view import SessionView
from spawnscope.gui.shell.status_bar import StatusBar

SUPERVISOR = ProcessStarted(
    1, 70, 1, 10, None, 1, None, "spawnscope", Role.SUPERVISOR, None, ("spawnscope",)
)
BUSY = Sample(1, 70, 20, 987_000.0, 1, 1, 1, "running")


@pytest.fixture
def bar(qtbot: QtBot) -> StatusBar:
    bar = StatusBar()
    qtbot.addWidget(bar)
    with qtbot.waitExposed(bar):
        bar.show()
    return bar


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[SessionView]:
    view = SessionView()
    qtbot.addWidget(view)
    yield view
    view.close_session()


def refresh(bar: StatusBar) -> None:
    """As after two seconds."""
    number, then = bar._message_mark
    bar._message_mark = number, then - 2
    bar.refresh()


def test_a_recorded_session_has_no_rate_and_its_supervisor_costs_nothing(
    bar: StatusBar, view: SessionView, tmp_path: Path
) -> None:
    path = tmp_path / "past.spawnscope"
    writer = SessionWriter(path, about={})
    writer.process_started(SUPERVISOR)
    writer.samples([BUSY])
    writer.messages(1, Stream.STDOUT, b"\n".join([b"x"] * 5000), 5000, 30, 0)
    writer.flush()
    writer.close()
    bar.show_session(view)
    view.show_recorded(str(path))
    refresh(bar)
    assert bar._messages.text() == "5,000 messages"
    assert view.store.processes[1].measured("cpu_percent") == 987_000
    assert "987" not in bar._cost.text()


def test_helpers_do_not_count_among_the_processes(bar: StatusBar, view: SessionView) -> None:
    bar.show_session(view)
    view.store.apply([SUPERVISOR])
    for number, role in (2, Role.WORKER), (3, Role.CHILD), (4, Role.FORKSERVER):
        started = ProcessStarted(number, 70 + number, number, 11, 1, 1, 1, "shop", role, None, ())
        view.store.apply([started])
    view.store.apply([WorkerStarted(1, 1, 2, "shop")])
    refresh(bar)
    assert bar._processes.text() == "2 processes"


def test_a_supervisor_that_is_gone_costs_nothing(bar: StatusBar, view: SessionView) -> None:
    bar.show_session(view)
    view.store.apply([SUPERVISOR, BUSY])
    refresh(bar)
    assert "987" in bar._cost.text()
    assert bar._messages.text() == "0 messages · 0/s"
    view.store.apply([ProcessExited(1, 70, 30, 0, None, "Ended.", (), ())])
    refresh(bar)
    assert "987" not in bar._cost.text()
