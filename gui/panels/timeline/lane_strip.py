"""A strip of a lane: some columns of pixels of what has been on it.

Places are pixels of the screen, and what a column shows does not depend on where the strip ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QColor, QPainter

from spawnscope.core.analysis.timeline.growing import Array
from spawnscope.core.analysis.timeline.ticks import Ticks
from spawnscope.core.analysis.timeline.timeline import Timeline
from spawnscope.core.analysis.timeline.track import Track

from ...kit.style import theme
from ...kit.style.blending import blend
from ...kit.style.theme import Theme
from . import ruler_painter
from .lane_image import lane_image
from .lane_shape import bar_rect, base_of, task_rect
from .lanes import Lane
from .names import LEAST, Name, NameWriter, find_names
from .ruler import Ruler
from .scale import TimeScale

_TICK = 4  # px: the height of a message


class PictureKey(NamedTuple):
    """What all of the picture depends on, but for where time begins: another one, and everything
    is painted anew."""

    column_ns: float
    width: int
    height: int
    ratio: float
    colors: Theme
    font: str
    grid: tuple[int, int]
    timeline: int
    object: int


class LaneKey(NamedTuple):
    """What one lane depends on; `number` 0 is the ground below the last one."""

    number: int
    thread: str
    top: int
    height: int
    selected: bool
    tracks: int
    has_ticks: bool


class StripPainter:
    """Paints strips. `name_of(number)`: what an object is called. `lines`: where the lines below
    the marks of the ruler begin."""

    def __init__(self, writer: NameWriter, name_of: Callable[[int], str]) -> None:
        self._writer = writer
        self._name_of = name_of
        self._look: PictureKey | None = None
        self._scale = TimeScale()
        self._timeline: Timeline | None = None
        self.lines: list[int] = []

    def begin(
        self, look: PictureKey, scale: TimeScale, timeline: Timeline | None, marks: Ruler
    ) -> None:
        """A round of painting begins."""
        self._look, self._scale, self._timeline = look, scale, timeline
        self.lines = self._line_columns(marks)

    # -- painting -----------------------------------------------------------------------------

    def paint(
        self,
        painter: QPainter,
        lane: Lane | None,
        place: LaneKey,
        names: list[Name],
        first: int,
        last: int,
    ) -> list[Name]:
        """Paint the columns from `first` to before `last` of a lane (None: the ground below all).
        `names`: those of the lane as far as they are known; returns what is known now."""
        assert self._look is not None
        colors, ratio = self._look.colors, self._look.ratio
        top, bottom = round(place.top * ratio), round((place.top + place.height) * ratio)
        rect = QRect(first, top, last - first, bottom - top)
        painter.setClipRect(rect)
        painter.fillRect(rect, ground(place.selected, colors))
        if lane is not None:
            line = round((place.top + place.height - 1) * ratio)
            painter.fillRect(QRect(first, line, last - first, bottom - line), line_ink(colors))
        thick = max(1, round(ratio))
        for x in self.lines:
            if first - thick < x < last:
                painter.fillRect(QRect(x, top, thick, bottom - top), ruler_painter.grid_ink())
        if lane is None or self._timeline is None:
            return names
        if lane.tracks is not None:
            names = [
                name
                for name in names
                if self.is_seen(name) and not self._touches(name, first, last)
            ]
            bar, task = bar_rect(lane, place.top), task_rect(lane, place.top)
            if len(lane.tracks.tasks):
                names += self._paint_track(painter, lane.tracks.tasks, task, first, last, True)
            names += self._paint_track(painter, lane.tracks.operations, bar, first, last)
            names.sort()
            painter.scale(ratio, ratio)
            for name in names:
                begin, end = self.extent(name)
                if begin < last and end > first and self.is_inside(name):
                    area = task if name.is_task else bar
                    self._writer.write(painter, self._scale, name, area, self._look.object)
            painter.resetTransform()
        if not lane.is_thread:
            self._paint_ticks(painter, lane, place.top, first, last)
        return names

    def _paint_track(
        self,
        painter: QPainter,
        track: Track,
        area: QRectF,
        first: int,
        last: int,
        tasks: bool = False,
    ) -> list[Name]:
        assert self._look is not None
        assert self._timeline is not None
        column_ns, ratio = self._look.column_ns, self._look.ratio
        left_ns = self._scale.left_ns
        if track.latest_end < left_ns + int((first - 2) * column_ns):
            return []
        columns = track.columns(left_ns, column_ns, last - first, LEAST * ratio, first)
        image = lane_image(columns, round(area.height() * ratio), self._look.colors, tasks=tasks)
        painter.drawImage(QPoint(first, round(area.top() * ratio)), image)
        return find_names(self._timeline, track, columns, tasks, self._name_of)

    def _paint_ticks(self, painter: QPainter, lane: Lane, top: int, first: int, last: int) -> None:
        assert self._look is not None
        ticks = self.ticks(lane)
        if ticks is None:
            return
        colors, ratio = self._look.colors, self._look.ratio
        thick = max(1, round(ratio))
        begin = first - thick + 1  # one that begins before may reach in here
        steps = (np.arange(begin, last + 1) * self._look.column_ns).astype(np.int64)
        y, end = (round((top + base_of(lane) + 3 + each) * ratio) for each in (0, _TICK))
        for is_error, meaning in ((False, colors.faint), (True, colors.bad)):
            places = np.flatnonzero(ticks.columns(self._scale.left_ns + steps, is_error)) + begin
            for one, behind in _joined(places):
                rect = QRect(one, y, behind - one + thick - 1, end - y)
                painter.fillRect(rect, theme.color(meaning))

    # -- where things are ---------------------------------------------------------------------

    def ticks(self, lane: Lane) -> Ticks | None:
        return None if self._timeline is None else self._timeline.ticks.get(lane.process.number)

    def is_seen(self, name: Name) -> bool:
        return name.end_ns > self._scale.left_ns and name.start_ns < self._scale.right_ns

    def is_inside(self, name: Name) -> bool:
        return name.is_inside(self._scale.left_ns, self._scale.right_ns)

    def _touches(self, name: Name, first: int, last: int) -> bool:
        left_ns, column_ns = self._scale.left_ns, self._scale.column_ns
        begin, end = (name.start_ns - left_ns) / column_ns, (name.end_ns - left_ns) / column_ns
        return end > first and begin < last

    def extent(self, name: Name) -> tuple[int, int]:
        return self.column(name.start_ns) - 1, self.column(name.end_ns) + 2

    def _line_columns(self, marks: Ruler) -> list[int]:
        """Where the lines below the marks with a text begin, also one that is half out of view."""
        zero, step = marks.zero_ns, marks.step_ns
        if not step:
            return []
        first = self._scale.left_ns - int(4 * self._scale.column_ns)
        begin = zero + -(-(first - zero) // step) * step
        return [self.column(at) for at in range(begin, self._scale.right_ns + 1, step)]

    def column(self, time_ns: int) -> int:
        """The nearest edge of a pixel of the screen."""
        scale = self._scale
        return int(np.floor((time_ns - scale.left_ns) / scale.column_ns + 0.5))


def ground(selected: bool, colors: Theme) -> QColor:
    """What a lane is painted on."""
    return blend(colors.base, colors.selection, 0.5) if selected else theme.color(colors.base)


def line_ink(colors: Theme) -> QColor:
    """The line below a lane."""
    return blend(colors.base, colors.border, 0.5)


def _joined(places: Array) -> list[tuple[int, int]]:
    """Pixels in a row as runs: (first, one behind the last)."""
    if not len(places):
        return []
    cuts = np.flatnonzero(np.diff(places) > 1)
    firsts = places[np.concatenate(([0], cuts + 1))]
    lasts = places[np.concatenate((cuts, [len(places) - 1]))]
    return list(zip(firsts.tolist(), (lasts + 1).tolist(), strict=True))
