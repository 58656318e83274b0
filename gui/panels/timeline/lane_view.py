"""What is seen of the lanes: of which time, which of them, and where each is in the viewport.

It is all that whoever paints, explains, measures or points needs to know of the canvas.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from spawnscope.core.store.store import Store

from ...kit.selection import Selection
from ...kit.style import theme
from . import ruler_painter
from .lanes import Lane, LaneList
from .object_names import ObjectLabels
from .scale import FIRST_LOOK, TimeScale
from .source import TimelineSource

GUTTER = 210  # px at 100 %: the names


class LaneView(QAbstractScrollArea):
    """Emits `view_changed()` when another time is seen, `moment_chosen(time or None)` for the
    playhead, and `following_changed(bool)`."""

    view_changed = Signal()
    moment_chosen = Signal(object)
    following_changed = Signal(bool)

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
        self._looked = False  # whether the first look has been chosen
        self._followed = False  # whether it was said last that the newest is followed

    # -- what is seen -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take over which processes and threads there are now, and how far time has come."""
        self.lanes.rebuild(self.people, self.source.timeline, self._store.sight.shows)
        self._take_bounds()
        self._place_bar()

    def moved(self) -> None:
        """Another time is seen than before."""
        self._tell_following()
        self.view_changed.emit()

    def follow(self, on: bool = True) -> None:
        """Go to the newest and stay there; or stop."""
        if on:
            self._take_bounds()
            self.scale.follow()
        else:
            self.scale.following = False
        self.moved()

    def fit(self) -> None:
        """See the whole session."""
        self._take_bounds()
        self.scale.fit()
        self.moved()

    def pan(self, pixels: float) -> None:
        """See what lies so far to the right."""
        self.scale.pan(pixels)
        self.moved()

    def zoom(self, factor: float, x: float | None = None) -> None:
        """`factor` times as large, around a pixel; None: the middle."""
        self.scale.zoom(factor, self.scale.width / 2 if x is None else x)
        self.moved()

    def show_span(self, start_ns: int, end_ns: int) -> None:
        """See this, as large as it goes."""
        self.scale.show(start_ns, end_ns)
        self.moved()

    def go_to_start(self) -> None:
        """See the beginning."""
        self.pan(self.scale.x(self.scale.first_ns) - 0.02 * self.scale.width)

    def go_to_end(self) -> None:
        """See the newest; follow it while time goes on."""
        self.follow()
        if not self.live:
            self.follow(False)

    def fold(self, process: int, unfolded: bool) -> None:
        """Show the threads of a process, or no more."""
        (self.lanes.unfolded.add if unfolded else self.lanes.unfolded.discard)(process)
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
            self.scale.reveal(time_ns)
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

    def point_of(self, lane: Lane, time_ns: int, dy: float) -> QPointF:
        """A time on a lane in the viewport, `dy` below the lane's top."""
        return QPointF(self.area.left() + self.scale.x(time_ns), self.top_of(lane) + dy)

    # -- bounds -------------------------------------------------------------------------------

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
                self._tell_following()
            else:
                self.scale.fit()
            self.view_changed.emit()
        elif whole:
            self.scale.fit()

    def _tell_following(self) -> None:
        if self.scale.following != self._followed:
            self._followed = self.scale.following
            self.following_changed.emit(self._followed)

    def _place_bar(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(max(1, self.area.height()))
        bar.setSingleStep(14)
        bar.setRange(0, max(0, self.lanes.height + theme.SPACE - self.area.height()))
