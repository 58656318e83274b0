"""The panel in the hands of a person: a real pointer, a wheel, keys."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from spawnscope.core.vocabulary.operation import Operation
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.kit.style import theme
from spawnscope.gui.panels.timeline import gutter
from spawnscope.gui.panels.timeline.canvas import TimelineCanvas
from spawnscope.gui.panels.timeline.hit import Hit
from spawnscope.gui.panels.timeline.panel import TimelinePanel

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def turn(canvas: TimelineCanvas, at: QPoint, notches: int, keys: Any = None) -> None:
    """Turn the wheel, away from oneself for more."""
    viewport = canvas.viewport()
    event = QWheelEvent(
        QPointF(at), QPointF(viewport.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, keys or Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def drag(canvas: TimelineCanvas, start: QPoint, end: QPoint, keys: Any = None) -> None:
    viewport, keys = canvas.viewport(), keys or Qt.KeyboardModifier.NoModifier
    QTest.mousePress(viewport, LEFT, keys, start)
    for step in (1, 2, 3):
        QTest.mouseMove(viewport, start + (end - start) * step / 3)
    QTest.mouseRelease(viewport, LEFT, keys, end)


def on(canvas: TimelineCanvas, lane: Any, time_ns: int) -> QPoint:
    """The middle of the operations of a lane at a time."""
    return canvas.point_of(lane, time_ns, lane.height - 15).toPoint()


def test_the_wheel_zooms_around_the_pointer(panel: TimelinePanel) -> None:
    canvas = panel.canvas
    at = QPoint(canvas.gutter + 300, 200)
    before = canvas.scale.time(300)
    span = canvas.scale.span_ns
    turn(canvas, at, 3)
    assert canvas.scale.span_ns == pytest.approx(span / 1.25**3, rel=0.01)
    assert abs(canvas.scale.time(300) - before) <= 2 * canvas.scale.ns_per_pixel
    turn(canvas, at, 200)
    assert canvas.scale.ns_per_pixel == 100  # 1 µs on 10 px
    assert abs(canvas.scale.time(300) - before) <= span / 1000
    turn(canvas, at, -300)
    assert canvas.scale.ns_per_pixel == canvas.scale.coarsest


def test_a_drag_moves_and_keys_do(panel: TimelinePanel) -> None:
    canvas = panel.canvas
    turn(canvas, QPoint(canvas.gutter + 300, 200), 10)
    under = canvas.scale.time(300)
    drag(canvas, QPoint(canvas.gutter + 300, 300), QPoint(canvas.gutter + 180, 300))
    assert canvas.scale.x(under) == pytest.approx(180, abs=1)
    for back, forth in ((Qt.Key.Key_A, Qt.Key.Key_D), (Qt.Key.Key_Left, Qt.Key.Key_Right)):
        left = canvas.scale.left_ns
        QTest.keyClick(canvas, forth)
        assert canvas.scale.left_ns > left
        QTest.keyClick(canvas, back)
        assert canvas.scale.left_ns == left
    span = canvas.scale.span_ns
    QTest.keyClick(canvas, Qt.Key.Key_W)
    assert canvas.scale.span_ns < span
    QTest.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.scale.shows_everything


def test_a_wait_that_an_end_cut_off_is_measured(panel: TimelinePanel) -> None:
    canvas = panel.canvas
    (row,) = (row for row in canvas.people if row.name == "victim")
    assert row.ended_ns is not None
    (get,) = (deed for deed in row.doing if deed.operation == "get")
    assert panel.source.timeline is not None
    end = row.ended_ns
    canvas.measuring.set(get.since_ns, end + 5_000_000_000)
    (line,) = (line for line in canvas.measuring.told() if line.startswith("waited for queues"))
    amount, unit = line.rpartition(": ")[2].split()
    told = float(amount) * {"ms": 1e6, "s": 1e9}[unit]
    assert told >= 0.99 * (end - get.since_ns), line


def test_no_length_is_told_of_a_call_that_has_none(
    panel: TimelinePanel, noted: dict[int, Operation]
) -> None:
    """A put that need not wait is over at once; only when it was is noted."""
    canvas = panel.canvas
    number, put = next(
        (number, one) for number, one in noted.items()
        if one.operation == "put" and one.start_ns == one.end_ns
    )  # fmt: skip
    lane = next(lane for lane in canvas.lanes if lane.process.number == put.process)
    _, lines = canvas.explaining._told(Hit(lane, number, put.start_ns, put.end_ns))
    assert not any("took" in line or "0 ns" in line for line in lines), lines


def test_a_drag_with_shift_measures(panel: TimelinePanel) -> None:
    canvas = panel.canvas
    width = canvas.area.width() - 20  # nearly all: when the program did what, differs
    drag(canvas, QPoint(canvas.gutter + 10, 200), QPoint(canvas.gutter + 10 + width, 210), SHIFT)
    span = canvas.measuring.span
    assert span is not None
    assert span[1] - span[0] == pytest.approx(width * canvas.scale.ns_per_pixel, rel=0.001)
    timeline = panel.source.timeline
    assert timeline is not None
    counts, _ = timeline.totals(*span)
    assert counts.sum() > 10
    assert canvas.measuring.told()[1] == f"{int(counts.sum()):,} operations"
    assert any(line.startswith("waited for queues, pipes: ") for line in canvas.measuring.told())
    assert panel.head.zoom_span.isEnabled()
    panel.head.zoom_span.click()
    assert canvas.scale.span_ns == pytest.approx(span[1] - span[0], rel=0.01)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.measuring.span is None
    # The ruler measures without Shift, and a click on it ends that.
    drag(canvas, QPoint(canvas.gutter + 50, 10), QPoint(canvas.gutter + 150, 12))
    assert canvas.measuring.span is not None
    QTest.mouseClick(canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, QPoint(400, 10))
    assert canvas.measuring.span is None


def test_the_pointer_tells_of_an_operation_and_who_ended_its_wait(
    panel: TimelinePanel, noted: dict[int, Operation], lane_of: Any, qtbot: QtBot
) -> None:
    canvas = panel.canvas
    lane = lane_of(canvas, "consumer")
    get = [each for each in noted.values()
           if each.process == lane.process.number and each.operation == "get"][5]  # fmt: skip
    canvas.scale.show(get.start_ns - 20_000_000, get.end_ns + 20_000_000)
    canvas.moved()
    QTest.mouseMove(canvas.viewport(), on(canvas, lane, (get.start_ns + get.end_ns) // 2))
    card = canvas.explaining.card
    assert card.isVisible()
    assert card.lines[0] == "get jobs"
    assert card.lines[1] == f"consumer ({lane.process.pid})"
    assert "waited" in card.lines[2]
    assert any("timeline_story.py:" in line for line in card.lines)
    qtbot.waitUntil(lambda: card.lines[-1].startswith("Put by producer"))
    QTest.mouseMove(canvas.viewport(), QPoint(canvas.gutter + 5, canvas.viewport().height() - 5))
    assert not card.isVisible()


def test_a_click_selects_process_and_object(
    panel: TimelinePanel, selection: Selection, noted: dict[int, Operation], lane_of: Any
) -> None:
    canvas = panel.canvas
    lane = lane_of(canvas, "rival")
    acquire = next(
        each
        for each in noted.values()
        if (each.process, each.operation) == (lane.process.number, "acquire")
    )
    at = on(canvas, lane, (acquire.start_ns + acquire.end_ns) // 2)
    QTest.mouseClick(canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    assert selection.processes == {lane.process.number}
    assert selection.object == acquire.object
    assert canvas.explaining.pinned is not None


def test_a_message_is_a_tick_that_leads_to_it(
    panel: TimelinePanel, lane_of: Any, qtbot: QtBot
) -> None:
    canvas = panel.canvas
    lane = lane_of(canvas, "rival")
    timeline = panel.source.timeline
    assert timeline is not None
    number, time_ns, is_error = timeline.ticks[lane.process.number].nearest(canvas.now_ns, 10**12)
    assert is_error
    at = canvas.point_of(lane, time_ns, lane.height - 3).toPoint()
    QTest.mouseMove(canvas.viewport(), at)
    assert canvas.explaining.card.lines[0] == "a rival warns"
    with (
        qtbot.waitSignal(canvas.message_activated) as caught,
        qtbot.waitSignal(panel.messages_requested) as asked,
    ):
        QTest.mouseDClick(canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    assert caught.args == [lane.process.number, number]
    assert asked.args == [lane.process.number]


def test_a_double_click_on_the_ruler_sets_the_window_to_that_moment(
    panel: TimelinePanel, qtbot: QtBot
) -> None:
    canvas = panel.canvas
    at = QPoint(canvas.gutter + 250, 10)
    with qtbot.waitSignal(panel.moment_chosen) as caught:
        QTest.mouseDClick(canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    assert caught.args == [canvas.scale.time(250)]
    assert panel.strip.value() < 100_000
    # Its handle can be dragged; the last place counts.
    with qtbot.waitSignal(panel.moment_chosen) as caught:
        drag(canvas, at, QPoint(canvas.gutter + 350, 12))
    qtbot.waitUntil(lambda: not panel._moment_timer.isActive())
    assert canvas.moment == pytest.approx(canvas.scale.time(350), abs=canvas.scale.ns_per_pixel)
    with qtbot.waitSignal(panel.moment_chosen) as caught:
        QTest.mouseClick(panel._newest, LEFT)
    assert caught.args == [None]
    assert canvas.moment is None


def test_the_slider_moves_the_moment(panel: TimelinePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.moment_chosen) as caught:
        panel.strip.setValue(50_000)
    scale = panel.canvas.scale
    assert caught.args == [(scale.first_ns + scale.last_ns) // 2]
    with qtbot.assertNotEmitted(panel.moment_chosen, wait=100):
        panel.show_store(panel.store.session.at(scale.first_ns))
    assert panel.strip.value() == 0


def test_threads_fold_out(panel: TimelinePanel, lane_of: Any) -> None:
    canvas = panel.canvas
    lane = lane_of(canvas, "timeline_story.py")
    assert lane.more >= 1
    count = len(canvas.lanes)
    at = gutter.fold_rect(lane, canvas.top_of(lane)).center()
    QTest.mouseClick(canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    threads = [each.thread for each in canvas.lanes if each.process is lane.process]
    assert threads[0] == "MainThread"
    assert "watcher" in threads
    assert len(canvas.lanes) == count + lane.more
    QTest.mouseClick(canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    assert len(canvas.lanes) == count


def test_names_ask_for_the_tree(panel: TimelinePanel, lane_of: Any, qtbot: QtBot) -> None:
    lane = lane_of(panel.canvas, "holder")
    at = QPoint(120, panel.canvas.top_of(lane) + 14)
    with qtbot.waitSignal(panel.process_activated) as caught:
        QTest.mouseDClick(panel.canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    assert caught.args == [lane.process.number]


@pytest.mark.parametrize("colors", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_waiting_has_the_colour_of_what_is_waited_for(
    panel: TimelinePanel, lane_of: Any, noted: dict[int, Operation], colors: theme.Theme
) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = app.palette()
    app.setPalette(theme.palette(colors))
    try:
        canvas = panel.canvas
        canvas.repaint_lanes()
        lane = lane_of(canvas, "rival")
        acquire = next(each for each in noted.values()
                       if each.process == lane.process.number
                       and each.operation == "acquire")  # fmt: skip
        at = on(canvas, lane, acquire.start_ns + acquire.waited_ns // 2)
        image = canvas.viewport().grab().toImage()
        wanted = QColor(colors.warning).hsvHue()  # but for the letters of what stands on it
        seen = [image.pixelColor(at.x() + dx, at.y() + 5).hsvHue() for dx in range(-3, 4)]
        assert min(abs(hue - wanted) for hue in seen) < 12, seen
        empty = image.pixelColor(canvas.area.right() - 3, canvas.area.bottom() - 3)
        assert empty == QColor(colors.base)
    finally:
        app.setPalette(before)


def test_the_card_goes_when_what_it_tells_has_moved_away(
    panel: TimelinePanel, noted: dict[int, Operation], lane_of: Any
) -> None:
    canvas = panel.canvas
    lane = lane_of(canvas, "consumer")
    get = next(
        each for each in noted.values()
        if each.process == lane.process.number and each.operation == "get" and each.waited_ns
    )  # fmt: skip
    place = canvas.point_of(lane, (get.start_ns + get.end_ns) // 2, lane.height - 14).toPoint()
    QTest.mouseMove(canvas.viewport(), place)
    card = canvas.explaining.card
    assert card.isVisible()
    canvas.repaint_lanes()  # nothing has moved
    assert card.isVisible()
    canvas.scale.pan(canvas.scale.width * 0.9)  # as time goes on below a pointer that rests
    canvas.moved()
    assert not card.isVisible()
