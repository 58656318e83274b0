"""The picture of the canvas: the lanes, kept where nothing changes, and what lies over them.

LanePicture   what has been: moves with time, painted where it is new
LanePainter   what goes on, and what an edge cuts off: painted each time
beside it     names, ruler: painted when they change
"""

from __future__ import annotations

import time

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from spawnscope.core.translation import tr

from ...kit.style import theme
from ...kit.style.theme import Theme
from . import gutter, ruler_painter
from .explaining import Explaining
from .fault_flags import FaultFlags
from .lane_painter import LanePainter
from .lane_picture import LanePicture
from .lane_strip import ground, line_ink
from .lane_view import LaneView
from .lanes import Lane
from .measuring import Measuring
from .names import NameWriter
from .ruler import NO_RULER, ruler

_SHARE = 0.08  # of its time that the window may spend on moving pictures


class Scene:
    """Paints one view. `marks`: those of the ruler, as they were painted last."""

    def __init__(
        self, view: LaneView, measuring: Measuring, explaining: Explaining, flags: FaultFlags
    ) -> None:
        self._view = view
        self._flags = flags
        self._measuring, self._explaining = measuring, explaining
        writer = NameWriter()
        self.picture = LanePicture(writer, view.name_of)
        self._painter = LanePainter(writer, view.type_of)
        self.marks = NO_RULER
        self._seconds = [0.0, 0.0]  # that it took last: the picture, and putting it on the screen
        self._now = 0
        self._names: tuple[object, ...] = ()

    def render(self) -> None:
        """Bring the picture of the lanes up to date."""
        begin = time.monotonic()
        self._render()
        self._seconds[0] = time.monotonic() - begin

    def pause(self, least_ms: float) -> int:
        """Milliseconds to the next picture of those that move: at least so many, and more where
        pictures take long."""
        return int(max(least_ms, sum(self._seconds) * 1000 / _SHARE))

    def names_changed(self) -> bool:
        """Whether other names than before are to be painted beside the lanes; asking is taking
        note."""
        before = self._names
        self._names = tuple(
            (lane.process.number, lane.thread, lane.process.label, lane.process.is_live, lane.depth,
             lane.more, lane.unfolded, lane.top, lane.height)
            for lane in self._seen()
        )  # fmt: skip
        return self._names != before

    def _seen(self) -> list[Lane]:
        offset = self._view.verticalScrollBar().value()
        return self._view.lanes.between(offset, offset + self._view.area.height())

    def _render(self) -> None:
        view = self._view
        area, scale = view.area, view.scale
        known = len(view.lanes) > 0  # else there is no time yet
        self.marks = ruler(scale, view.relative) if known else NO_RULER
        self._now = view.now_ns
        if not area.isEmpty():
            self.picture.update(
                scale,
                area.size() * scale.ratio,
                view.source.timeline,
                self.marks,
                gutter.small(view.font()),
                self._seen(),
                view.verticalScrollBar().value(),
                view.selection.processes,
                view.selection.object,
            )

    def paint(self, painter: QPainter, dirty: QRect) -> None:
        """Put the picture on the canvas, and over it what is measured, pointed at and played;
        of what stands beside it only what touches `dirty`."""
        begin = time.monotonic()
        view = self._view
        area, colors = view.area, theme.current()
        metrics = QFontMetrics(view.font())
        if area.isEmpty():
            painter.fillRect(dirty, theme.color(colors.base))
        else:
            self._paint_lanes(painter, area)
        if dirty.left() < view.gutter:
            self._paint_gutter(painter, metrics)
        ruler_painter.paint_ruler(painter, view.ruler_area, self.marks, metrics)
        self._flags.paint_flags(painter)
        if view.moment is not None:
            x = view.scale.x(view.moment)
            if -7 <= x <= view.scale.width + 7:
                painter.setClipRect(view.ruler_area.adjusted(0, 0, 0, area.height()))
                ruler_painter.paint_playhead(
                    painter, area.left() + x, view.ruler_area, area.bottom()
                )
                painter.setClipping(False)
        if dirty.left() < view.gutter:
            self._paint_corner(painter, metrics)
        if view.hasFocus() and len(view.lanes):
            painter.fillRect(QRect(0, 0, view.viewport().width(), 1), theme.color(colors.accent))
        self._seconds[1] = time.monotonic() - begin

    def _paint_lanes(self, painter: QPainter, area: QRect) -> None:
        view = self._view
        painter.drawPixmap(area.topLeft(), self.picture.pixmap)
        painter.setClipRect(area)
        painter.translate(area.topLeft())
        self._painter.begin(view.scale, self._now, view.selection.object)
        offset = view.verticalScrollBar().value()
        for lane in self._seen():
            self._painter.paint(painter, lane, lane.top - offset, self.picture.cut_off(lane))
        painter.resetTransform()
        self._flags.paint_lines(painter)
        self._measuring.paint(painter, area)
        self._explaining.paint(painter)
        painter.setClipping(False)

    def _paint_ground(self, painter: QPainter, lane: Lane, rect: QRect, colors: Theme) -> None:
        if lane.process.number in self._view.selection.processes:
            painter.fillRect(rect, ground(True, colors))
        line = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(line, line_ink(colors))

    def _paint_gutter(self, painter: QPainter, metrics: QFontMetrics) -> None:
        view = self._view
        colors, area = theme.current(), view.area
        column = QRect(0, area.top(), view.gutter, area.height())
        painter.fillRect(column, theme.color(colors.base))
        painter.setClipRect(column)
        for lane in self._seen():
            rect = QRect(0, view.top_of(lane), view.gutter, lane.height)
            selected = lane.process.number in view.selection.processes
            self._paint_ground(painter, lane, rect, colors)
            if selected:
                painter.fillRect(QRect(0, rect.top(), 3, rect.height()), theme.color(colors.accent))
            gutter.paint_name(painter, lane, rect, metrics, colors, selected)
        painter.setClipping(False)
        if len(view.lanes):
            edge = QRect(view.gutter - 1, 0, 1, view.viewport().height())
            painter.fillRect(edge, theme.color(colors.border))

    def _paint_corner(self, painter: QPainter, metrics: QFontMetrics) -> None:
        """Left of the ruler: what its texts are to be added to, or the day."""
        view = self._view
        colors = theme.current()
        corner = QRect(0, 0, view.gutter - 1, ruler_painter.HEIGHT)
        painter.fillRect(corner, theme.color(colors.window))
        painter.fillRect(QRect(0, corner.bottom(), view.gutter, 1), theme.color(colors.border))
        text = self.marks.base
        if not text and len(view.lanes):
            day = time.localtime(view.scale.left_ns // 1_000_000_000)
            date = time.strftime("%a %d %b %Y", day)
            text = tr("since the start") if view.relative else date
        painter.setPen(theme.color(colors.muted))
        inner = corner.adjusted(theme.SPACE, 0, -theme.SPACE, 0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            inner, int(right), metrics.elidedText(text, Qt.TextElideMode.ElideLeft, inner.width())
        )
