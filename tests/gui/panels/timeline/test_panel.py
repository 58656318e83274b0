"""The Timeline panel beyond one story: empty, live, hidden, long, remembered."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import (
    Doing,
    ObjectCreated,
    ProcessDoing,
    ProcessExited,
    ProcessStarted,
    Role,
)
from spawnscope.core.vocabulary.operation import Operation
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.timeline.hit import Hit
from spawnscope.gui.panels.timeline.panel import TimelinePanel

SECOND = 1_000_000_000


def started(number: int, time_ns: int, parent: int | None = None) -> ProcessStarted:
    return ProcessStarted(
        number, 1000 + number, number, time_ns, parent, 1, None, f"worker {number}",
        Role.WORKER, None, (),
    )  # fmt: skip


def put(process: int, start_ns: int) -> Operation:
    return Operation(
        process, 1, "put", "MainThread", start_ns, start_ns + 5_000_000, 4_000_000, 10, "1", "ok",
        "/app.py:9", "", 0,
    )  # fmt: skip


def test_empty_panels_say_why(
    blank: TimelinePanel, store: SessionStore, selection: Selection, qtbot: QtBot
) -> None:
    with qtbot.waitExposed(blank):
        blank.show()
    assert blank._hint.isVisible()
    assert blank._hint.title == "Nothing has happened yet"
    store.end()
    assert blank._hint.title == "No processes"
    living = SessionStore()
    other = TimelinePanel(living, selection)
    qtbot.addWidget(other)
    with qtbot.waitExposed(other):
        other.show()
    assert other._hint.isVisible()
    living.apply([started(1, SECOND)])
    qtbot.waitUntil(lambda: not other._hint.isVisible())
    other.hide()


def test_a_live_session_is_followed_until_one_scrolls_back(
    blank: TimelinePanel, store: SessionStore, qtbot: QtBot, tmp_path: Path
) -> None:
    panel, canvas = blank, blank.canvas
    path = tmp_path / "live.spawnscope"
    writer = SessionWriter(path, about={})
    now = time.time_ns()
    writer.shared.created(ObjectCreated(1, 1, now, "Queue", "jobs", "", None))
    writer.flush()
    store.apply([started(1, now - SECOND)])
    store.open(str(path))
    with qtbot.waitExposed(panel):
        panel.show()
    assert canvas.scale.following
    assert panel.head.follow.isChecked()
    qtbot.waitUntil(lambda: not panel.source._work.running)
    writer.shared.operations([put(1, time.time_ns() - 10_000_000)])
    writer.flush()
    qtbot.waitUntil(lambda: panel.source.progress[0] == 1)
    left = canvas.scale.left_ns
    qtbot.waitUntil(lambda: canvas.scale.left_ns > left)  # time goes on
    canvas.scale.pan(-50)
    canvas.moved()
    panel._show_state()
    assert not panel.head.follow.isChecked()
    left = canvas.scale.left_ns
    writer.shared.operations([put(1, time.time_ns())])
    writer.flush()
    qtbot.waitUntil(lambda: panel.source.progress[0] == 2)
    assert canvas.scale.left_ns == left
    panel.head.follow.click()
    assert canvas.scale.following
    assert canvas.scale.right_ns >= canvas.scale.last_ns
    # What it is in stands at the right edge; its end takes time to a halt.
    doing = (Doing("MainThread", "get", 1, time.time_ns() - SECOND // 10, "", ""),)
    store.apply([ProcessDoing(1, doing)])
    assert not canvas.viewport().grab().isNull()
    store.apply([ProcessExited(1, 1001, time.time_ns(), 0, None, "Ended.", (), ())])
    qtbot.waitUntil(lambda: not canvas._frame.isActive())
    writer.close()


def test_a_hidden_panel_does_nothing_and_catches_up(
    blank: TimelinePanel, store: SessionStore, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = blank
    path = tmp_path / "live.spawnscope"
    writer = SessionWriter(path, about={})
    writer.shared.operations([put(1, time.time_ns())])
    writer.flush()
    store.apply([started(1, time.time_ns())])
    store.open(str(path))
    assert panel.source.timeline is None
    assert len(panel.canvas.lanes) == 0
    with qtbot.waitExposed(panel):
        panel.show()
    assert len(panel.canvas.lanes) == 1
    qtbot.waitUntil(lambda: panel.source.progress[0] == 1)
    panel.hide()
    for timer in (panel.source._beat, panel.canvas._frame, panel._fresh, panel.canvas._soon):
        assert not timer.isActive()
    writer.close()


def test_reading_can_be_cancelled_and_taken_up_again(
    blank: TimelinePanel, store: SessionStore, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = blank
    path = tmp_path / "long.spawnscope"
    writer = SessionWriter(path, about={})
    writer.process_started(started(1, SECOND))
    writer.shared.operations(put(1, SECOND + number * 10_000_000) for number in range(30_000))
    writer.flush()
    writer.close()
    store.load(str(path))
    with qtbot.waitExposed(panel):
        panel.show()
    qtbot.waitUntil(lambda: 0 < panel.source.progress[0] < 30_000)
    assert panel.head.cancel.isVisible()
    assert "of 30,000 operations" in panel.head.progress.text()
    panel.head.cancel.click()
    read = panel.source.progress[0]
    assert panel.head.cancel.text() == "Read on"
    assert panel.canvas.lanes.of(1) is not None  # what is here is shown
    assert panel.source.progress[0] == read < 30_000
    panel.head.cancel.click()
    qtbot.waitUntil(lambda: panel.source.progress[0] == 30_000)
    qtbot.waitUntil(lambda: not panel.head.cancel.isVisible())
    assert panel.head.progress.text() == "30,000 operations"


def test_of_a_thousand_lanes_only_those_in_view_are_painted(
    blank: TimelinePanel, store: SessionStore, qtbot: QtBot, monkeypatch: Any
) -> None:
    canvas = blank.canvas
    store.apply([started(number, SECOND + number) for number in range(1, 1001)])
    store.end()
    with qtbot.waitExposed(blank):
        blank.show()
    assert len(canvas.lanes) == 1000
    painted = []
    paint = canvas.scene._painter.paint
    monkeypatch.setattr(
        canvas.scene._painter, "paint", lambda *args: (painted.append(args[1]), paint(*args))
    )
    canvas.verticalScrollBar().setValue(14_000)
    canvas.viewport().grab()
    numbers = [lane.process.number for lane in painted]
    assert 10 < len(numbers) < 40
    assert numbers[0] == 501
    canvas.selection.select_processes(frozenset((900,)))
    bar = canvas.verticalScrollBar()
    assert bar.value() <= 899 * 28 <= bar.value() + canvas.area.height()


def test_a_file_that_is_gone_is_a_problem_that_is_said(
    blank: TimelinePanel, store: SessionStore, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitExposed(blank):
        blank.show()
    with qtbot.waitSignal(blank.problem_occurred):
        store.open(str(tmp_path / "nowhere.spawnscope"))


def test_the_ways_of_looking_are_remembered(blank: TimelinePanel) -> None:
    blank.canvas.set_gutter(300)
    blank.head.relative.setChecked(True)
    state = blank.saveState()
    other = TimelinePanel(SessionStore(), Selection(), blank)
    assert other.restoreState(state)
    assert other.canvas.gutter == 300
    assert other.canvas.relative
    assert not other.restoreState(state.left(7))
    other.deleteLater()


def test_the_selected_lane_is_not_covered_by_its_curves(
    panel: TimelinePanel, selection: Selection, qtbot: QtBot
) -> None:
    canvas = panel.canvas
    panel.resize(1000, 330)
    qtbot.waitUntil(lambda: canvas.verticalScrollBar().maximum() == 0 or panel.height() == 330)
    last = [lane for lane in canvas.lanes if canvas.top_of(lane) < canvas.viewport().height()][-1]
    selection.select_processes(frozenset({last.process.number}))
    qtbot.waitUntil(lambda: panel.curves is not None and panel.curves.isVisible())
    lower = canvas.lanes.of(last.process.number)
    assert lower is not None
    qtbot.waitUntil(
        lambda: canvas.top_of(lower) + lower.height <= canvas.viewport().height(), timeout=2000
    )
    assert canvas.top_of(lower) >= 0


def test_a_lane_that_is_not_there_yet_comes_into_view_when_it_is(
    blank: TimelinePanel, store: SessionStore, selection: Selection, qtbot: QtBot
) -> None:
    canvas = blank.canvas
    blank.resize(1000, 260)
    store.apply([started(number, number * SECOND) for number in range(1, 40)])
    with qtbot.waitExposed(blank):
        blank.show()
    selection.select_processes(frozenset({40}))
    store.apply([started(40, 40 * SECOND)])
    qtbot.waitUntil(lambda: canvas.lanes.of(40) is not None)
    lane = canvas.lanes.of(40)
    assert lane is not None
    assert 0 < canvas.top_of(lane) < canvas.viewport().height()


def test_lanes_that_come_above_the_selected_one_do_not_push_it_out_of_view(
    blank: TimelinePanel, store: SessionStore, selection: Selection, qtbot: QtBot
) -> None:
    canvas = blank.canvas
    blank.resize(1000, 330)
    store.apply([started(number, number * SECOND) for number in range(1, 4)])
    with qtbot.waitExposed(blank):
        blank.show()
    selection.select_processes(frozenset({3}))
    store.apply([started(number, number * SECOND, parent=1) for number in range(4, 40)])
    canvas.refresh()
    lane = canvas.lanes.of(3)
    assert lane is not None
    assert lane.top > canvas.viewport().height()
    assert 0 < canvas.top_of(lane) <= canvas.viewport().height() - lane.height


def test_a_wait_that_goes_on_is_told_as_it_goes_on(
    blank: TimelinePanel, store: SessionStore, qtbot: QtBot
) -> None:
    canvas = blank.canvas
    now = canvas.now_ns
    since = now - 5 * SECOND
    waits = ProcessDoing(1, (Doing("MainThread", "get", 1, since, "", "jobs"),))
    store.apply([started(1, since), waits])
    with qtbot.waitExposed(blank):
        blank.show()
    canvas.refresh()
    lane = canvas.lanes.of(1)
    assert lane is not None
    hit = Hit(lane, 0, since, now - SECOND, deed=lane.process.doing[0])
    canvas.explaining.show(hit, canvas.point_of(lane, since + SECOND, lane.height / 2).toPoint())
    before = canvas.explaining.card.lines
    canvas.explaining.moved_on()
    assert canvas.explaining.hit is not None
    assert canvas.explaining.hit.end_ns >= now
    assert canvas.explaining.card.lines != before
    store.apply([ProcessDoing(1, ())])
    canvas.refresh()
    assert canvas.explaining.hit is None
