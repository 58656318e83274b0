"""How a lane looks.

|####| map_one |######|              the task of a pool, with the function's name
   ___|||||___get jobs|_|||          waiting stands on the base line, as high as its share
----------------------------x        the base line: alive; a mark where it ended, by outcome
  ' '    '  ''     '                 messages; stderr in red
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen

from spawnscope.core.client.printable import printable
from spawnscope.core.timeline.growing import Array
from spawnscope.core.timeline.timeline import Timeline
from spawnscope.core.timeline.track import Columns, Track

from ...models.timeline_lanes import TASKS, Lane
from ...models.timeline_scale import TimeScale
from ...style import theme
from ...style.theme import Theme
from .families import MEANINGS, OTHER, WORKS, family_of
from .lane_image import blend, lane_image, mixed

BAR = 15  # px at 100 %: the height of the operations
TASK = 16
FOOT = 8  # px from the base line to the bottom of the lane
_TICK = 4
_LABEL = 34  # px from which on an operation may have a name
_PAD = 4
_MOST_WORDS = 4000
_AA = QPainter.RenderHint.Antialiasing
_NOT_SHOWN = frozenset(("run",))  # the life of a process is no waiting


def base_of(lane: Lane) -> int:
    """The height of the base line within its lane."""
    return lane.height - FOOT


def bar_rect(lane: Lane, top: float) -> QRectF:
    """Where the operations of a lane are, if its top is at `top`; without extent to the sides."""
    return QRectF(0, top + base_of(lane) - BAR, 0, BAR)


def task_rect(lane: Lane, top: float) -> QRectF:
    """The same for its tasks."""
    return QRectF(0, top + base_of(lane) - BAR - TASKS, 0, TASK)


class LanePainter:
    """Draws lanes into the area of time; `now_ns` is where what goes on ends."""

    def __init__(self) -> None:
        self._scale = TimeScale()
        self._timeline: Timeline | None = None
        self._colors = theme.LIGHT
        self._ratio = 1.0
        self._now = 0
        self._object = 0
        self._font: QFont | None = None
        self._metrics = QFontMetrics(QFont())
        self._words: dict[tuple[str, int], str] = {}
        self._type_of: Callable[[int], str] = lambda _number: ""
        self._name_of: Callable[[int], str] = str

    def begin(
        self,
        scale: TimeScale,
        timeline: Timeline | None,
        font: QFont,
        ratio: float,
        now_ns: int,
        selected_object: int,
    ) -> None:
        """A round of painting begins. `ratio`: pixels of the screen to one of ours."""
        self._scale, self._timeline = scale, timeline
        self._colors = theme.current()
        self._ratio, self._now, self._object = ratio, now_ns, selected_object
        if font != self._font:
            self._font = QFont(font)
            self._metrics = QFontMetrics(font)
            self._words.clear()

    def naming(self, type_of: Callable[[int], str], name_of: Callable[[int], str]) -> None:
        """How the types and names of objects are learned, by number."""
        self._type_of, self._name_of = type_of, name_of

    def paint(self, painter: QPainter, lane: Lane, top: int) -> None:
        """Draw one lane, whose ground is there already."""
        self._paint_life(painter, lane, top)
        timeline = self._timeline
        if timeline is not None and lane.tracks is not None:
            if len(lane.tracks.tasks):
                self._paint_track(painter, lane.tracks.tasks, task_rect(lane, top), tasks=True)
            self._paint_track(painter, lane.tracks.operations, bar_rect(lane, top))
        self._paint_deeds(painter, lane, top)
        if not lane.is_thread:
            self._paint_ticks(painter, lane, top)
            self._paint_end(painter, lane, top)

    # -- one part each ------------------------------------------------------------------------

    def _paint_life(self, painter: QPainter, lane: Lane, top: int) -> None:
        row = lane.process
        left = max(-2.0, self._scale.x(row.started_ns))
        end = self._now if row.ended_ns is None else row.ended_ns
        right = min(self._scale.width + 2.0, self._scale.x(end))
        if right <= left:
            return
        strength = 0.45 if lane.is_thread else 0.85
        inks = self._colors.process
        color = blend(inks[row.number % len(inks)], self._colors.base, strength)
        height = 1 if lane.is_thread else 2
        painter.fillRect(QRectF(left, top + base_of(lane), right - left, height), color)

    def _paint_track(
        self, painter: QPainter, track: Track, area: QRectF, *, tasks: bool = False
    ) -> None:
        ratio = self._ratio
        scale = self._scale
        count = round(scale.width * ratio)
        columns = track.columns(scale.left_ns, scale.ns_per_pixel / ratio, count, _LABEL * ratio)
        image = lane_image(columns, round(area.height() * ratio), self._colors, tasks=tasks)
        image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(0, area.top()), image)
        if len(columns.wide):
            self._paint_names(painter, track, columns, area, tasks)

    def _paint_names(
        self, painter: QPainter, track: Track, columns: Columns, area: QRectF, tasks: bool
    ) -> None:
        timeline, colors, ratio = self._timeline, self._colors, self._ratio
        assert timeline is not None
        assert self._font is not None
        painter.setFont(self._font)
        sides = np.clip(np.stack((columns.left, columns.right)) / ratio, 0, self._scale.width)
        for place, left, right in zip(columns.wide.tolist(), *sides.tolist(), strict=True):
            if right - left < _LABEL:
                continue
            code = track.kind(place)
            number = int(timeline.kinds.object[code])
            operation, text = map(timeline.text, timeline.kinds.texts(code))
            if tasks:
                name, ink = text or "task", colors.text
            else:
                name = f"{operation} {self._name_of(number)}" if number else operation
                solid = track.waited(place) * 2 >= track.end(place) - track.start(place)
                ink = colors.base if solid else colors.text
            rect = QRectF(left, area.top(), right - left, area.height())
            if number and number == self._object:
                painter.setPen(QPen(theme.color(colors.text), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
            self._draw_text(painter, rect, name, ink)

    def _draw_text(self, painter: QPainter, rect: QRectF, text: str, ink: str) -> None:
        room = int(rect.width()) - 2 * _PAD
        key = (text, room)
        shown = self._words.get(key)
        metrics = self._metrics
        if shown is None:
            if len(self._words) > _MOST_WORDS:
                self._words.clear()
            shown = metrics.elidedText(printable(text), Qt.TextElideMode.ElideRight, room)
            self._words[key] = shown
        if len(shown) < 2 and len(text) > 1:
            return
        base = rect.top() + (rect.height() - metrics.height()) / 2 + metrics.ascent()
        painter.setPen(theme.color(ink))
        painter.drawText(QPointF(rect.left() + _PAD, base), shown)

    def _paint_deeds(self, painter: QPainter, lane: Lane, top: int) -> None:
        """What a thread is in and has no row of its own yet, or was in when it ended."""
        row = lane.process
        end = self._now if row.ended_ns is None else row.ended_ns
        for deed in row.doing:
            if deed.thread != lane.thread or deed.operation in _NOT_SHOWN:
                continue
            left = max(0.0, self._scale.x(deed.since_ns))
            right = min(float(self._scale.width), self._scale.x(end))
            if right - left < 0.5:
                continue
            is_task = deed.operation == "task"
            if is_task and not lane.has_tasks:
                continue
            area = task_rect(lane, top) if is_task else bar_rect(lane, top)
            rect = QRectF(left, area.top(), right - left, area.height())
            family = OTHER if deed.object is None else family_of(self._type_of(deed.object))
            family = WORKS if is_task else family
            self._paint_open(painter, rect, family)
            if rect.width() >= _LABEL:
                text = (deed.text or "task") if is_task else deed.phrase
                self._draw_text(painter, rect, text, self._colors.text)

    def _paint_open(self, painter: QPainter, rect: QRectF, family: int) -> None:
        """Not over yet: hatched."""
        color = theme.color(str(getattr(self._colors, MEANINGS[family])))
        ground = mixed(color, theme.color(self._colors.base), 0.30)
        painter.fillRect(rect, ground)
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(mixed(color, ground, 0.35), 1))
        painter.setRenderHint(_AA, True)
        height, step = rect.height(), 6
        first = int(rect.left() // step) * step - int(height)
        painter.drawLines(
            [
                QLineF(x, rect.bottom(), x + height, rect.top())
                for x in range(first, int(rect.right()) + 1, step)
            ]
        )
        painter.setRenderHint(_AA, False)
        painter.restore()
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), color)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), color)

    def _paint_ticks(self, painter: QPainter, lane: Lane, top: int) -> None:
        ticks = None if self._timeline is None else self._timeline.ticks.get(lane.process.number)
        if ticks is None:
            return
        scale = self._scale
        edges = scale.left_ns + (np.arange(scale.width + 1) * scale.ns_per_pixel).astype(np.int64)
        y = top + base_of(lane) + 3
        for is_error, meaning in ((False, self._colors.faint), (True, self._colors.bad)):
            places = np.flatnonzero(ticks.columns(edges, is_error))
            for first, last in _joined(places):
                painter.fillRect(QRect(first, y, last - first, _TICK), theme.color(meaning))

    def _paint_end(self, painter: QPainter, lane: Lane, top: int) -> None:
        row = lane.process
        if row.ended_ns is None:
            return
        x = self._scale.x(row.ended_ns)
        if not -8 <= x <= self._scale.width + 8:
            return
        paint_end_mark(painter, self._colors, x, top + base_of(lane) + 1, row.has_failed, row.lost)


def paint_end_mark(
    painter: QPainter, colors: Theme, x: float, y: float, failed: bool, lost: bool
) -> None:
    """A cap on the base line, and what became of it: a red cross, a green dot, a grey dot."""
    ink = colors.faint if lost else colors.bad if failed else colors.good
    painter.setRenderHint(_AA, True)
    painter.setPen(QPen(theme.color(ink), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(x, y - BAR - 1), QPointF(x, y))
    if failed and not lost:
        painter.drawLine(QPointF(x - 3, y - 3), QPointF(x + 3, y + 3))
        painter.drawLine(QPointF(x - 3, y + 3), QPointF(x + 3, y - 3))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ink))
        painter.drawEllipse(QPointF(x, y), 3, 3)
    painter.setRenderHint(_AA, False)


def _joined(places: Array) -> list[tuple[int, int]]:
    """Pixels in a row as runs: (first, one behind the last)."""
    if not len(places):
        return []
    cuts = np.flatnonzero(np.diff(places) > 1)
    firsts = places[np.concatenate(([0], cuts + 1))]
    lasts = places[np.concatenate((cuts, [len(places) - 1]))]
    return list(zip(firsts.tolist(), (lasts + 1).tolist(), strict=True))
