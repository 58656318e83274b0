"""The picture of the canvas: the lanes, kept until something changes, and what lies over them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap

from ...models.timeline_lanes import Lane
from ...models.timeline_ruler import Ruler, ruler
from ...style import theme
from ...style.theme import Theme
from . import gutter, ruler_painter
from .lane_image import blend
from .lane_painter import LanePainter

if TYPE_CHECKING:
    from .canvas import TimelineCanvas

_SHARE = 0.08  # of its time that the window may spend on moving pictures


class Scene:
    """Paints one canvas. `marks`: those of the ruler, as they were painted last."""

    def __init__(self, canvas: TimelineCanvas) -> None:
        self._canvas = canvas
        self._painter = LanePainter()
        self._painter.naming(canvas.type_of, canvas.name_of)
        self._picture = QPixmap()
        self.marks = Ruler((), "")
        self._seconds = 0.0  # that the last picture took

    def render(self) -> None:
        """Paint the picture of the lanes anew."""
        begin = time.monotonic()
        self._render()
        self._seconds = time.monotonic() - begin

    def pause(self, least_ms: float) -> int:
        """Milliseconds to the next picture of those that move: at least so many, and more where
        pictures take long."""
        return int(max(least_ms, self._seconds * 1000 / _SHARE))

    def _render(self) -> None:
        canvas = self._canvas
        area, colors = canvas.area, theme.current()
        ratio = canvas.devicePixelRatioF()
        size = area.size() * ratio
        if self._picture.size() != size or self._picture.devicePixelRatio() != ratio:
            self._picture = QPixmap(size)
            self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(theme.color(colors.base))
        known = len(canvas.lanes) > 0  # else there is no time yet
        self.marks = ruler(canvas.scale, canvas.relative) if known else Ruler((), "")
        if area.isEmpty():
            return
        painter = QPainter(self._picture)
        inner = QRect(0, 0, area.width(), area.height())
        offset = canvas.verticalScrollBar().value()
        lanes = canvas.lanes.between(offset, offset + area.height())
        for lane in lanes:
            rect = QRect(0, lane.top - offset, area.width(), lane.height)
            self._paint_ground(painter, lane, rect, colors)
        ruler_painter.paint_grid(painter, inner, self.marks)
        font = gutter.small(canvas.font())
        self._painter.begin(
            canvas.scale,
            canvas.source.timeline,
            font,
            ratio,
            canvas.now_ns,
            canvas.selection.object,
        )
        for lane in lanes:
            self._painter.paint(painter, lane, lane.top - offset)
        painter.end()

    def _paint_ground(self, painter: QPainter, lane: Lane, rect: QRect, colors: Theme) -> None:
        if lane.process.number in self._canvas.selection.processes:
            painter.fillRect(rect, blend(colors.selection, colors.base, 0.5))
        line = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(line, blend(colors.border, colors.base, 0.5))

    def paint(self, painter: QPainter) -> None:
        """Put the picture on the canvas, and over it what is measured, pointed at and played."""
        canvas = self._canvas
        area, colors = canvas.area, theme.current()
        painter.drawPixmap(area.topLeft(), self._picture)
        metrics = QFontMetrics(canvas.font())
        painter.setClipRect(area)
        canvas.measuring.paint(painter, area)
        canvas.explaining.paint(painter)
        painter.setClipping(False)
        self._paint_gutter(painter, metrics)
        ruler_painter.paint_ruler(painter, canvas.ruler_area, self.marks, metrics)
        if canvas.moment is not None:
            x = canvas.scale.x(canvas.moment)
            if -7 <= x <= canvas.scale.width + 7:
                painter.setClipRect(canvas.ruler_area.adjusted(0, 0, 0, area.height()))
                ruler_painter.paint_playhead(
                    painter, area.left() + x, canvas.ruler_area, area.bottom()
                )
                painter.setClipping(False)
        self._paint_corner(painter, metrics)
        if canvas.hasFocus() and len(canvas.lanes):
            painter.fillRect(QRect(0, 0, canvas.viewport().width(), 1), theme.color(colors.accent))

    def _paint_gutter(self, painter: QPainter, metrics: QFontMetrics) -> None:
        canvas = self._canvas
        colors, area = theme.current(), canvas.area
        column = QRect(0, area.top(), canvas.gutter, area.height())
        painter.fillRect(column, theme.color(colors.base))
        painter.setClipRect(column)
        offset = canvas.verticalScrollBar().value()
        for lane in canvas.lanes.between(offset, offset + area.height()):
            rect = QRect(0, canvas.top_of(lane), canvas.gutter, lane.height)
            selected = lane.process.number in canvas.selection.processes
            self._paint_ground(painter, lane, rect, colors)
            if selected:
                painter.fillRect(QRect(0, rect.top(), 3, rect.height()), theme.color(colors.accent))
            gutter.paint_name(painter, lane, rect, metrics, colors, selected)
        painter.setClipping(False)
        if len(canvas.lanes):
            edge = QRect(canvas.gutter - 1, 0, 1, canvas.viewport().height())
            painter.fillRect(edge, theme.color(colors.border))

    def _paint_corner(self, painter: QPainter, metrics: QFontMetrics) -> None:
        """Left of the ruler: what its texts are to be added to, or the day."""
        canvas = self._canvas
        colors = theme.current()
        corner = QRect(0, 0, canvas.gutter - 1, ruler_painter.HEIGHT)
        painter.fillRect(corner, theme.color(colors.window))
        painter.fillRect(QRect(0, corner.bottom(), canvas.gutter, 1), theme.color(colors.border))
        text = self.marks.base
        if not text and len(canvas.lanes):
            day = time.localtime(canvas.scale.left_ns // 1_000_000_000)
            text = "since the start" if canvas.relative else time.strftime("%a %d %b %Y", day)
        painter.setPen(theme.color(colors.muted))
        inner = corner.adjusted(theme.SPACE, 0, -theme.SPACE, 0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            inner, int(right), metrics.elidedText(text, Qt.TextElideMode.ElideLeft, inner.width())
        )
