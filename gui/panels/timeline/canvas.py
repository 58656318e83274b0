"""The lanes themselves, under a ruler and beside their names.

    scale, lanes, Timeline --LanePicture--> picture (what has not changed is only moved)
    picture + what goes on + names + ruler + what is measured, pointed at, played  --> the screen

Only the lanes in view are painted. To move the pointer costs no new picture.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
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
from PySide6.QtWidgets import QFrame, QWidget

from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr

from ...kit.selection import Selection
from .explaining import Explaining
from .fault_flags import FaultFlags
from .in_view import InView
from .lane_view import LaneView
from .measuring import Measuring
from .pointer import Pointer
from .scene import Scene
from .source import TimelineSource

_FRAME, _CALM_FRAME = 100, 500  # ms between two pictures that move; while nothing comes
_BEHIND = 300  # ms between two pictures while there is a lot to read
_SOON = 40  # ms from a change to its picture


class TimelineCanvas(LaneView):
    """Emits, beside what its view does, `process_activated(number)` and
    `message_activated(process, id)` for what is double-clicked, `finding_activated(number)` for a
    flag, and `measured(bool)`: whether a span is."""

    process_activated = Signal(int)
    message_activated = Signal(int, int)
    finding_activated = Signal(int)
    measured = Signal(bool)

    def __init__(
        self,
        source: TimelineSource,
        store: Store,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(source, store, selection, parent)
        self._dirty = True
        self._shape = -1
        self._version = -1
        self._arrived = 0.0
        self._busy = False  # whether pictures follow one another quickly
        self.measuring = Measuring(self)
        self.measuring.changed.connect(self.measured)
        self.explaining = Explaining(self)
        self.flags = FaultFlags(self)
        self.scene = Scene(self, self.measuring, self.explaining, self.flags)
        self.in_view = InView(self)
        self._pointer = Pointer(self, self.measuring, self.explaining, self.in_view, self.flags)
        self._pointer.finding_activated.connect(self.finding_activated)
        self._pointer.process_activated.connect(self.process_activated)
        self._pointer.message_activated.connect(self.message_activated)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Lanes"))
        self.setAccessibleDescription(tr("What each process did when; A and D move, W and S zoom"))
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
        if not live:
            self.scale.following = False
            self._tell_following()
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Take over which processes and threads there are now, and how far time has come."""
        timeline = self.source.timeline
        self._shape = -1 if timeline is None else timeline.shape
        with self.in_view.watched():
            super().refresh()
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
        super().moved()
        self._run()

    def zoom_to_measured(self) -> None:
        """See what is measured, as large as it goes."""
        self.measuring.zoom()

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
