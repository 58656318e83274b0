"""The picture of what has been: grounds, lines, operations, messages. It moves with time.

    before  |aaaaaaaabbbbbbbbcccc|          the same columns of pixels, moved to the left,
    after   |aaaabbbbbbbbccccDDDD|          and what is new is painted: D, and what has changed

What is painted this way is, pixel by pixel, what painting everything would give. That holds since
time moves by whole pixels, and since nothing here depends on where the view begins or ends; what
does (a name that is cut off by an edge) or what moves by itself (what goes on) is painted over it
each time, see LanePainter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap

from spawnscope.core.timeline.changes import Changes
from spawnscope.core.timeline.growing import Array
from spawnscope.core.timeline.ticks import Ticks
from spawnscope.core.timeline.timeline import Timeline
from spawnscope.core.timeline.track import Track

from ...models.timeline_lanes import Lane
from ...models.timeline_ruler import Ruler
from ...models.timeline_scale import TimeScale
from ...style import theme
from ...style.theme import Theme
from . import ruler_painter
from .lane_image import blend, lane_image
from .lane_shape import bar_rect, base_of, task_rect
from .names import LEAST, Name, NameWriter, find_names

_TICK = 4  # px: the height of a message


class Look(NamedTuple):
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


class Place(NamedTuple):
    """What one lane depends on; `number` 0 is the ground below the last one."""

    number: int
    thread: str
    top: int
    height: int
    selected: bool
    tracks: int
    has_ticks: bool


@dataclass
class Painted:
    """What is known of a lane that is in the picture: its names, and after how many changes of
    its tracks and messages it was painted."""

    names: list[Name] = field(default_factory=list)
    changes: tuple[int, ...] = ()


class LanePicture:
    """`pixmap` is the picture. `name_of(number)`: what an object is called."""

    def __init__(self, writer: NameWriter, name_of: Callable[[int], str]) -> None:
        self.pixmap = QPixmap()
        self._writer = writer
        self._name_of = name_of
        self._look: Look | None = None
        self._pixels = 0  # columns of the picture
        self._left_ns = 0
        self._lanes: dict[Place, Painted] = {}
        self._by_lane: dict[tuple[int, str], Painted] = {}
        self._scale = TimeScale()
        self._timeline: Timeline | None = None
        self._lines: list[int] = []
        self._free_from_ns = 0  # nothing from here on: the new columns are as the last ones were

    def forget(self) -> None:
        """Names, or whatever else cannot be told from the outside, have changed."""
        self._look = None

    def update(
        self,
        scale: TimeScale,
        size: QSize,
        timeline: Timeline | None,
        marks: Ruler,
        font: QFont,
        lanes: Sequence[Lane],
        offset: int,
        processes: frozenset[int],
        selected_object: int,
    ) -> None:
        """Show `lanes`, of which the picture's top is `offset` below the first; `size` in pixels
        of the screen."""
        look = Look(
            scale.column_ns, size.width(), size.height(), scale.ratio, theme.current(),
            font.toString(), (marks.zero_ns, marks.step_ns), id(timeline), selected_object,
        )  # fmt: skip
        self._scale, self._timeline = scale, timeline
        self._writer.use(font)
        before = self._lines
        self._lines = self._line_columns(marks)
        self.pixmap.setDevicePixelRatio(1)
        first, last = self._move(look)
        self._free_from_ns = 0
        if 0 < first < last and max(before + self._lines, default=0) + scale.ratio < first:
            self._free_from_ns = scale.left_ns + int((2 * first - last - 2) * look.column_ns)
        known, self._lanes = self._lanes, {}
        painter = QPainter(self.pixmap)
        end = -offset
        for lane in lanes:
            top = lane.top - offset
            end = top + lane.height
            place = Place(
                lane.process.number, lane.thread, top, lane.height,
                lane.process.number in processes, id(lane.tracks), not lane.is_thread,
            )  # fmt: skip
            self._bring_up_to_date(painter, lane, place, known, first, last)
        if end * scale.ratio < look.height:
            rest = Place(0, "", end, look.height, False, 0, False)
            self._bring_up_to_date(painter, None, rest, known, first, last)
        painter.end()
        self._by_lane = {place[:2]: painted for place, painted in self._lanes.items()}
        self.pixmap.setDevicePixelRatio(scale.ratio)
        self._left_ns = scale.left_ns

    def cut_off(self, lane: Lane) -> list[Name]:
        """The names of a lane that are not in the picture, since an edge cuts them off."""
        painted = self._by_lane.get((lane.process.number, lane.thread))
        if painted is None:
            return []
        return [name for name in painted.names if self._is_seen(name) and not self._is_inside(name)]

    # -- what is to be painted ----------------------------------------------------------------

    def _move(self, look: Look) -> tuple[int, int]:
        """Take over what can be kept; returns the columns that are new, to one behind the last."""
        before, self._look, self._pixels = self._look, look, look.width
        everything = 0, look.width
        if look != before:
            if self.pixmap.size() != QSize(look.width, look.height):
                self.pixmap = QPixmap(look.width, look.height)
            self._lanes = {}
            return everything
        steps, rest = divmod(self._scale.left_ns - self._left_ns, look.column_ns)
        shift = int(steps)
        if rest or (shift and not look.column_ns.is_integer()) or abs(shift) >= look.width:
            self._lanes = {}
            return everything
        if shift:
            self.pixmap.scroll(-shift, 0, self.pixmap.rect())
        return (look.width - shift, look.width) if shift >= 0 else (0, -shift)

    def _bring_up_to_date(
        self,
        painter: QPainter,
        lane: Lane | None,
        place: Place,
        known: dict[Place, Painted],
        first: int,
        last: int,
    ) -> None:
        width = self._pixels
        painted = known.get(place)
        spans = [(0, width)]
        if painted is None:
            painted = Painted()
        else:
            free = self._free_from_ns and self._until_ns(lane) < self._free_from_ns
            spans = [] if free or first >= last else [(first, last)]
            if lane is not None:
                spans += self._changed(lane, painted)
        self._lanes[place] = painted
        if spans:
            first = max(0, min(begin for begin, _end in spans))
            last = min(max(end for _begin, end in spans), width)
            if first < last:
                self._paint(painter, lane, place, painted, first, last)
        if lane is not None:
            painted.changes = tuple(each.count for each in self._all_changes(lane))

    def _changed(self, lane: Lane, painted: Painted) -> list[tuple[int, int]]:
        """Which columns look different, now that time has moved: from what was added, and where
        a name is cut off by an edge, or no more."""
        at = self._changed_from(lane, painted)
        return [
            *([(at, at + self._pixels)] if at < self._pixels else []),
            *(
                self._extent(name)
                for name in painted.names
                if self._was_inside(name) != self._is_inside(name)
            ),
        ]

    def _until_ns(self, lane: Lane | None) -> int:
        """The end of the last thing on a lane."""
        if lane is None:
            return 0
        tracks, ticks = lane.tracks, self._ticks(lane)
        ends = (0, 0) if tracks is None else (tracks.operations.latest_end, tracks.tasks.latest_end)
        return max(*ends, 0 if ticks is None else ticks.last_ns)

    def _ticks(self, lane: Lane) -> Ticks | None:
        return None if self._timeline is None else self._timeline.ticks.get(lane.process.number)

    def _changed_from(self, lane: Lane, painted: Painted) -> int:
        """From which column on the lane looks different."""
        everything = self._all_changes(lane)
        if len(everything) != len(painted.changes):
            return 0
        times = [each.since(count) for each, count in zip(everything, painted.changes, strict=True)]
        earliest = min((time for time in times if time is not None), default=None)
        # A block may begin a column before what completes it.
        return self._pixels if earliest is None else max(0, self._column(earliest) - 2)

    def _all_changes(self, lane: Lane) -> list[Changes]:
        tracks = lane.tracks
        found = [] if tracks is None else [tracks.operations.changes, tracks.tasks.changes]
        ticks = self._ticks(lane)
        return found if ticks is None else [*found, ticks.changes]

    def _is_inside(self, name: Name) -> bool:
        return name.is_inside(self._scale.left_ns, self._scale.right_ns)

    def _was_inside(self, name: Name) -> bool:
        return name.is_inside(self._left_ns, self._left_ns + self._scale.span_ns)

    def _is_seen(self, name: Name) -> bool:
        return name.end_ns > self._scale.left_ns and name.start_ns < self._scale.right_ns

    def _touches(self, name: Name, first: int, last: int) -> bool:
        left_ns, column_ns = self._scale.left_ns, self._scale.column_ns
        begin, end = (name.start_ns - left_ns) / column_ns, (name.end_ns - left_ns) / column_ns
        return end > first and begin < last

    def _extent(self, name: Name) -> tuple[int, int]:
        return self._column(name.start_ns) - 1, self._column(name.end_ns) + 2

    def _line_columns(self, marks: Ruler) -> list[int]:
        """Where the lines below the marks with a text begin, also one that is half out of view."""
        zero, step = marks.zero_ns, marks.step_ns
        if not step:
            return []
        first = self._scale.left_ns - int(4 * self._scale.column_ns)
        begin = zero + -(-(first - zero) // step) * step
        return [self._column(at) for at in range(begin, self._scale.right_ns + 1, step)]

    def _column(self, time_ns: int) -> int:
        """The nearest edge of a pixel of the screen."""
        scale = self._scale
        return int(np.floor((time_ns - scale.left_ns) / scale.column_ns + 0.5))

    # -- painting -----------------------------------------------------------------------------

    def _paint(
        self,
        painter: QPainter,
        lane: Lane | None,
        place: Place,
        painted: Painted,
        first: int,
        last: int,
    ) -> None:
        """Paint the columns from `first` to before `last` of a lane."""
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
        for x in self._lines:
            if first - thick < x < last:
                painter.fillRect(QRect(x, top, thick, bottom - top), ruler_painter.grid_ink())
        if lane is None or self._timeline is None:
            return
        if lane.tracks is not None:
            painted.names = [
                name
                for name in painted.names
                if self._is_seen(name) and not self._touches(name, first, last)
            ]
            bar, task = bar_rect(lane, place.top), task_rect(lane, place.top)
            if len(lane.tracks.tasks):
                painted.names += self._paint_track(
                    painter, lane.tracks.tasks, task, first, last, True
                )
            painted.names += self._paint_track(painter, lane.tracks.operations, bar, first, last)
            painted.names.sort()
            painter.scale(ratio, ratio)
            for name in painted.names:
                begin, end = self._extent(name)
                if begin < last and end > first and self._is_inside(name):
                    area = task if name.is_task else bar
                    self._writer.write(painter, self._scale, name, area, self._look.object)
            painter.resetTransform()
        if not lane.is_thread:
            self._paint_ticks(painter, lane, place.top, first, last)

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
        ticks = self._ticks(lane)
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


def ground(selected: bool, colors: Theme) -> QColor:
    """What a lane is painted on."""
    return blend(colors.selection, colors.base, 0.5) if selected else theme.color(colors.base)


def line_ink(colors: Theme) -> QColor:
    """The line below a lane."""
    return blend(colors.border, colors.base, 0.5)


def _joined(places: Array) -> list[tuple[int, int]]:
    """Pixels in a row as runs: (first, one behind the last)."""
    if not len(places):
        return []
    cuts = np.flatnonzero(np.diff(places) > 1)
    firsts = places[np.concatenate(([0], cuts + 1))]
    lasts = places[np.concatenate((cuts, [len(places) - 1]))]
    return list(zip(firsts.tolist(), (lasts + 1).tolist(), strict=True))
