"""A timeline that follows the newest paints what has moved, and lays out nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import ProcessStarted, Role, Sample
from spawnscope.core.vocabulary.operation import Operation
from spawnscope.gui.kit.plain import Figure, Label
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.timeline.panel import TimelinePanel

SECOND = 1_000_000_000


class Watcher(QObject):
    """Notes which part of a widget is painted, and how often it is laid out."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.painted: list[QRect] = []
        self.layouts = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.painted.append(event.rect())
        self.layouts += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SessionWriter]:
    made = SessionWriter(tmp_path / "live.spawnscope", about={})
    yield made
    made.close()


@pytest.fixture
def quiet(
    blank: TimelinePanel, store: SessionStore, writer: SessionWriter, qtbot: QtBot
) -> TimelinePanel:
    """A live session in which one process lives and nothing happens."""
    event = ProcessStarted(
        1, 1001, 1, time.time_ns() - 20 * SECOND, None, 1, None, "worker", Role.WORKER, None, ()
    )
    writer.process_started(event)
    writer.flush()
    store.apply([event])
    store.open(str(writer.path))
    with qtbot.waitExposed(blank):
        blank.show()
    qtbot.waitUntil(lambda: not blank.source._work.running and blank.canvas.scale.following)
    return blank


def test_time_that_goes_on_repaints_no_names_and_lays_out_nothing(
    quiet: TimelinePanel, qtbot: QtBot
) -> None:
    canvas = quiet.canvas
    qtbot.waitUntil(lambda: canvas._frame.isActive() and not canvas._soon.isActive())
    before = canvas.scale.left_ns
    lanes, head = Watcher(canvas.viewport()), Watcher(quiet.head)
    qtbot.waitUntil(lambda: canvas.scale.left_ns > before and len(lanes.painted) >= 2)
    quiet.source.settled.emit()
    qtbot.wait(0)
    assert all(rect.left() >= canvas.gutter for rect in lanes.painted)
    assert head.layouts == 0
    assert (canvas.scale.left_ns - before) % canvas.scale.column_ns == 0


def test_a_file_that_nobody_wrote_into_is_not_read(
    quiet: TimelinePanel, writer: SessionWriter, qtbot: QtBot
) -> None:
    timeline = quiet.source.timeline
    assert timeline is not None
    qtbot.waitUntil(lambda: not timeline.has_more() and not quiet.source._work.running)
    with qtbot.waitSignal(quiet.source._beat.timeout):
        pass
    assert not quiet.source._work.running
    now = time.time_ns()
    writer.shared.operations(
        [Operation(1, 1, "put", "MainThread", now - 9000, now, 0, 1, "1", "ok", "/a.py:9", "", 0)]
    )
    writer.flush()
    qtbot.waitUntil(lambda: quiet.source.progress[0] == 1)


def test_curves_move_with_time_and_are_read_when_there_are_samples(
    quiet: TimelinePanel,
    writer: SessionWriter,
    selection: Selection,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = time.time_ns()
    for number in range(3):
        at = now - (3 - number) * SECOND
        writer.samples([Sample(1, 1001, at, 40.0 * number, 1 << 24, 1, 3, "running")])
    writer.flush()
    selection.select_processes(frozenset((1,)))
    curves = quiet.curves
    assert curves is not None
    assert "CPU 80 %" in curves.title
    quiet._fresh.stop()
    timeline = quiet.source.timeline
    assert timeline is not None
    qtbot.waitUntil(lambda: not timeline.has_more() and not quiet.source._work.running)
    reads = []
    samples = quiet.source.samples
    monkeypatch.setattr(
        quiet.source, "samples", lambda *asked: (reads.append(asked), samples(*asked))[1]
    )
    span = curves._span
    qtbot.waitUntil(lambda: curves._span > span)
    assert not reads
    assert not quiet._curves_timer.isActive()
    picture = curves.grab().toImage()
    colors = {picture.pixelColor(x, 40).name() for x in range(curves.width())}
    assert len(colors) > 2  # a curve, and the ground below it
    quiet.canvas.zoom(2)
    qtbot.waitUntil(lambda: bool(reads))


def test_a_figure_that_changes_lays_out_nothing_as_long_as_it_fits(
    qtbot: QtBot, on_screen: Callable[[QWidget], QWidget]
) -> None:
    from PySide6.QtWidgets import QHBoxLayout

    page = QWidget()
    qtbot.addWidget(page)
    row = QHBoxLayout(page)
    figure, label = Figure(), Label()
    row.addWidget(figure)
    row.addWidget(label)
    figure.setText("1,234 messages")
    on_screen(page)
    seen = Watcher(page)
    figure.setText("1,111 messages")
    qtbot.wait(0)
    assert seen.layouts == 0
    label.setText("any")
    qtbot.waitUntil(lambda: seen.layouts == 1)
    figure.setText("1,234,567,890,123 messages")
    qtbot.waitUntil(lambda: seen.layouts == 2)
    assert figure.width() >= figure.sizeHint().width()
    figure.setText("1")
    qtbot.waitUntil(lambda: figure.width() < 100)
