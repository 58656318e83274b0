"""The lanes themselves, under a ruler and beside their names.

    scale, lanes, Timeline --LanePicture--> picture (what has not changed is only moved)
    picture + what goes on + names + ruler + what is measured, pointed at, played  --> the screen

Only the lanes in view are painted. To move the pointer costs no new picture.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from spawnscope.core.store.store import Store

from ...kit.selection import Selection
from ...kit.style import theme
from . import ruler_painter
from .explaining import Explaining
from .in_view import InView
from .lanes import Lane, LaneList
from .measuring import Measuring
from .object_names import ObjectLabels
from .pointer import Pointer
from .scale import FIRST_LOOK, TimeScale
from .scene import Scene
from .source import TimelineSource

GUTTER = 210  # px at 100 %: the names
_FRAME, _CALM_FRAME = 100, 500  # ms between two pictures that move; while nothing comes
_BEHIND = 300  # ms between two pictures while there is a lot to read
_SOON = 40  # ms from a change to its picture


class TimelineCanvas(QAbstractScrollArea):
    """Emits `view_changed()` when another time is seen, `process_activated(number)` and
    `message_activated(process, id)` for what is double-clicked, `moment_chosen(time or None)` for
    the playhead, and `following_changed(bool)`."""

    view_changed = Signal()
    process_activated = Signal(int)
    message_activated = Signal(int, int)
    moment_chosen = Signal(object)
    following_changed = Signal(bool)
    measured = Signal(bool)

    def __init__(
        self,
        source: TimelineSource,
        store: Store,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.source = source
        self.selection = selection
        self.people = store.session.processes
        self.scale = TimeScale()
        self.lanes = LaneList()
        self.gutter = GUTTER
        self.relative = False
        self.moment: int | None = None
        self.live = store.live
        self._store = store.session  # whatever moment the window shows, lanes are of all time
        names = ObjectLabels(self._store.objects, source)
        self.type_of, self.name_of = names.type_of, names.name_of
        self._dirty = True
        self._shape = -1
        self._version = -1
        self._arrived = 0.0
        self._busy = False  # whether pictures follow one another quickly
        self._looked = False  # whether the first look has been chosen
        self.measuring = Measuring(self)
        self.explaining = Explaining(self)
        self.scene = Scene(self)
        self.in_view = InView(self)
        self._pointer = Pointer(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Lanes")
        self.setAccessibleDescription("What each process did when; A and D move, W and S zoom")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self.repaint_lanes)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._on_frame)
        self._frame = QTimer(self)
        self._frame.timeout.connect(self._on_frame)
        selection.processes_changed.connect(self._on_processes_selected)
        selection.object_changed.connect(self.repaint_lanes)
        source.grown.connect(self._on_grown)

    # -- what it shows ------------------------------------------------------------------------

    def start_anew(self, live: bool) -> None:
        """Another session is shown."""
        self.moment = None
        self._looked = False
        self._shape = self._version = -1
        self.scene.picture.forget()
        self.lanes.unfolded.clear()
        self.measuring.clear()
        self.explaining.clear()
        self.set_live(live)

    def set_live(self, live: bool) -> None:
        """Whether time goes on."""
        self.live = live
        if not live and self.scale.following:
            self.scale.following = False
            self.following_changed.emit(False)
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Take over which processes and threads there are now, and how far time has come."""
        timeline = self.source.timeline
        self._shape = -1 if timeline is None else timeline.shape
        with self.in_view.watched():
            self.lanes.rebuild(self.people, timeline, self._store.sight.shows)
            self._take_bounds()
            self._place_bar()
        if self.scene.names_changed() or not self._busy:
            self.repaint_lanes()
        self._run()

    def repaint_lanes(self, *_: object) -> None:
        """The picture is not right any more."""
        self._dirty = True
        self.explaining.moved_on()
        self.viewport().update()

    def _repaint_time(self) -> None:
        """Time has gone on: all but the names of the lanes."""
        self._dirty = True
        self.explaining.moved_on()
        self.viewport().update(self.viewport().rect().adjusted(self.gutter, 0, 0, 0))

    def moved(self) -> None:
        """Another time is seen than before."""
        self.repaint_lanes()
        self.view_changed.emit()
        self._run()

    def follow(self, on: bool = True) -> None:
        """Go to the newest and stay there; or stop."""
        if on:
            self._take_bounds()
            self.scale.follow()
        else:
            self.scale.following = False
        self.following_changed.emit(self.scale.following)
        self.moved()

    def fit(self) -> None:
        """See the whole session."""
        self._take_bounds()
        self.scale.fit()
        self.following_changed.emit(False)
        self.moved()

    def zoom(self, factor: float) -> None:
        """`factor` times as large, around the middle."""
        self._pointer.zoom(factor)

    def zoom_to_measured(self) -> None:
        """See what is measured, as large as it goes."""
        if self.measuring.span is not None:
            self.scale.show(*self.measuring.span)
            self.following_changed.emit(False)
            self.moved()

    def go_to_start(self) -> None:
        """See the beginning."""
        self.scale.pan(self.scale.x(self.scale.first_ns) - 0.02 * self.scale.width)
        self.following_changed.emit(False)
        self.moved()

    def go_to_end(self) -> None:
        """See the newest; follow it while time goes on."""
        self.follow()
        if not self.live:
            self.follow(False)

    def fold(self, process: int, unfolded: bool) -> None:
        """Show the threads of a process, or no more."""
        (self.lanes.unfolded.add if unfolded else self.lanes.unfolded.discard)(process)
        with self.in_view.held():
            self.refresh()

    def fold_all(self, unfolded: bool) -> None:
        """Show the threads of all processes, or none."""
        everybody = {lane.process.number for lane in self.lanes}
        self.lanes.unfolded = everybody if unfolded else set()
        self.refresh()

    def set_gutter(self, width: int) -> None:
        """So much room for the names."""
        if width != self.gutter:
            self.gutter = width
            self.scale.set_width(self.area.width())
            self.moved()

    def show_moment(self, time_ns: int | None) -> None:
        """The whole window shows this moment now; None: the newest."""
        self.moment = time_ns
        if time_ns is not None:
            following = self.scale.following
            self.scale.reveal(time_ns)
            if following != self.scale.following:
                self.following_changed.emit(False)
            self.moved()
        self.viewport().update()

    def choose_moment(self, time_ns: int | None) -> None:
        """The user wants the whole window to show this moment."""
        if time_ns is not None:
            time_ns = min(max(time_ns, self.scale.first_ns), self.scale.last_ns)
        if time_ns != self.moment:
            self.moment = time_ns
            self.viewport().update()
            self.moment_chosen.emit(time_ns)

    @property
    def now_ns(self) -> int:
        """Where what goes on ends."""
        return self._store.objects.clock.now_ns() if self.live else self.scale.last_ns

    # -- where things are ---------------------------------------------------------------------

    @property
    def area(self) -> QRect:
        """The lanes' time, in the viewport."""
        whole = self.viewport().rect()
        return whole.adjusted(self.gutter, ruler_painter.HEIGHT, 0, 0)

    @property
    def ruler_area(self) -> QRect:
        """The ruler above it."""
        return QRect(self.gutter, 0, max(0, self.area.width()), ruler_painter.HEIGHT)

    def top_of(self, lane: Lane) -> int:
        """Where a lane begins, in the viewport."""
        return lane.top - self.verticalScrollBar().value() + ruler_painter.HEIGHT

    def lane_at(self, y: float) -> Lane | None:
        """The lane at a height of the viewport."""
        return self.lanes.at(y - ruler_painter.HEIGHT + self.verticalScrollBar().value())

    # -- updates ------------------------------------------------------------------------------

    def _on_grown(self) -> None:
        timeline = self.source.timeline
        if timeline is None or timeline.version == self._version:
            return
        self._version = timeline.version
        self._arrived = time.monotonic()
        if not self._busy and not self._soon.isActive():
            self._soon.start(self.scene.pause(_BEHIND if self.source.is_behind else _SOON))

    def _on_frame(self) -> None:
        """Time goes on, or there is more to show."""
        left, timeline = self.scale.left_ns, self.source.timeline
        if timeline is not None and timeline.shape != self._shape:
            self.refresh()
        self._take_bounds()
        self._repaint_time()
        if self.scale.left_ns != left:
            self.view_changed.emit()
        self._run()

    def _take_bounds(self) -> None:
        extent = self.lanes.extent(self.source.timeline, self.now_ns if self.live else None)
        if extent is None:
            return
        first, last = extent
        whole = not self.live and self._looked and self.scale.shows_everything
        self.scale.set_bounds(first, last)
        if not self._looked:
            self._looked = True
            if self.live:
                self.scale.ns_per_pixel = FIRST_LOOK / self.scale.width
                self.scale.follow()
                self.following_changed.emit(True)
            else:
                self.scale.fit()
            self.view_changed.emit()
        elif whole:
            self.scale.fit()

    def _place_bar(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(max(1, self.area.height()))
        bar.setSingleStep(14)
        bar.setRange(0, max(0, self.lanes.height + theme.SPACE - self.area.height()))

    def _run(self) -> None:
        """Pictures follow one another only where time goes on in view."""
        goes_on = self.live and any(lane.process.is_live for lane in self.lanes)
        if not (goes_on and self.isVisible() and self.scale.right_ns >= self.scale.last_ns):
            self._busy = False
            self._frame.stop()
            return
        self._busy = time.monotonic() - self._arrived < 1.0
        least = _FRAME if self._busy else _CALM_FRAME
        pause = self.scene.pause(max(least, self.scale.ns_per_pixel / 1e6))
        if self._frame.interval() != pause or not self._frame.isActive():
            self._frame.start(min(pause, 2000))

    def _on_processes_selected(self, processes: frozenset[int]) -> None:
        if len(processes) == 1:
            self.in_view.reveal(next(iter(processes)))
        self.repaint_lanes()

    # -- Qt -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._dirty:
            self._dirty = False
            self.scale.set_ratio(self.devicePixelRatioF())
            self.scene.render()
        painter = QPainter(self.viewport())
        self.scene.paint(painter, event.rect())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scale.set_width(self.area.width())
        self.in_view.keep(event.oldSize().height())
        self._place_bar()
        self.moved()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._busy = False
        self._frame.stop()
        self._soon.stop()
        self.explaining.leave()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.repaint_lanes()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointer.wheel(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.viewport().update()
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.explaining.leave()
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._pointer.key(event):
            super().keyPressEvent(event)

    def point_of(self, lane: Lane, time_ns: int, dy: float) -> QPointF:
        """A time on a lane in the viewport, `dy` below the lane's top."""
        return QPointF(self.area.left() + self.scale.x(time_ns), self.top_of(lane) + dy)
