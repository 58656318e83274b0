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

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QPainter, QPixmap

from spawnscope.core.analysis.timeline.changes import Changes
from spawnscope.core.analysis.timeline.timeline import Timeline

from ...kit.style import theme
from .lane_strip import LaneKey, PictureKey, StripPainter
from .lanes import Lane
from .names import Name, NameWriter
from .ruler import Ruler
from .scale import TimeScale


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
        self._strip = StripPainter(writer, name_of)
        self._look: PictureKey | None = None
        self._pixels = 0  # columns of the picture
        self._left_ns = 0
        self._lanes: dict[LaneKey, Painted] = {}
        self._by_lane: dict[tuple[int, str], Painted] = {}
        self._scale = TimeScale()
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
        look = PictureKey(
            scale.column_ns, size.width(), size.height(), scale.ratio, theme.current(),
            font.toString(), (marks.zero_ns, marks.step_ns), id(timeline), selected_object,
        )  # fmt: skip
        self._scale = scale
        self._writer.use(font)
        before = self._strip.lines
        self._strip.begin(look, scale, timeline, marks)
        self.pixmap.setDevicePixelRatio(1)
        first, last = self._move(look)
        self._free_from_ns = 0
        if 0 < first < last and max(before + self._strip.lines, default=0) + scale.ratio < first:
            self._free_from_ns = scale.left_ns + int((2 * first - last - 2) * look.column_ns)
        known, self._lanes = self._lanes, {}
        painter = QPainter(self.pixmap)
        end = -offset
        for lane in lanes:
            top = lane.top - offset
            end = top + lane.height
            place = LaneKey(
                lane.process.number, lane.thread, top, lane.height,
                lane.process.number in processes, id(lane.tracks), not lane.is_thread,
            )  # fmt: skip
            self._bring_up_to_date(painter, lane, place, known, first, last)
        if end * scale.ratio < look.height:
            rest = LaneKey(0, "", end, look.height, False, 0, False)
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
        return [
            name
            for name in painted.names
            if self._strip.is_seen(name) and not self._strip.is_inside(name)
        ]

    # -- what is to be painted ----------------------------------------------------------------

    def _move(self, look: PictureKey) -> tuple[int, int]:
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
        place: LaneKey,
        known: dict[LaneKey, Painted],
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
                painted.names = self._strip.paint(painter, lane, place, painted.names, first, last)
        if lane is not None:
            painted.changes = tuple(each.count for each in self._all_changes(lane))

    def _changed(self, lane: Lane, painted: Painted) -> list[tuple[int, int]]:
        """Which columns look different, now that time has moved: from what was added, and where
        a name is cut off by an edge, or no more."""
        at = self._changed_from(lane, painted)
        return [
            *([(at, at + self._pixels)] if at < self._pixels else []),
            *(
                self._strip.extent(name)
                for name in painted.names
                if self._was_inside(name) != self._strip.is_inside(name)
            ),
        ]

    def _until_ns(self, lane: Lane | None) -> int:
        """The end of the last thing on a lane."""
        if lane is None:
            return 0
        tracks, ticks = lane.tracks, self._strip.ticks(lane)
        ends = (0, 0) if tracks is None else (tracks.operations.latest_end, tracks.tasks.latest_end)
        return max(*ends, 0 if ticks is None else ticks.last_ns)

    def _changed_from(self, lane: Lane, painted: Painted) -> int:
        """From which column on the lane looks different."""
        everything = self._all_changes(lane)
        if len(everything) != len(painted.changes):
            return 0
        times = [each.since(count) for each, count in zip(everything, painted.changes, strict=True)]
        earliest = min((time for time in times if time is not None), default=None)
        # A block may begin a column before what completes it.
        return self._pixels if earliest is None else max(0, self._strip.column(earliest) - 2)

    def _all_changes(self, lane: Lane) -> list[Changes]:
        tracks = lane.tracks
        found = [] if tracks is None else [tracks.operations.changes, tracks.tasks.changes]
        ticks = self._strip.ticks(lane)
        return found if ticks is None else [*found, ticks.changes]

    def _was_inside(self, name: Name) -> bool:
        return name.is_inside(self._left_ns, self._left_ns + self._scale.span_ns)
