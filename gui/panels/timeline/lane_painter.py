"""What of a lane is painted each time, over the picture: what goes on, and what an edge cuts off.

The base line as far as time has come, calls that are not over, marks of ends, and the names of
operations that reach out of view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from spawnscope.core.vocabulary.kinds import Family

from ...kit.object_look import MEANINGS, family_of
from ...kit.style import theme
from ...kit.style.blending import blend, mixed
from ...kit.style.theme import Theme
from .lane_shape import BAR, bar_rect, base_of, task_rect
from .lanes import Lane
from .names import LEAST, Name, NameWriter
from .scale import TimeScale

_AA = QPainter.RenderHint.Antialiasing
_NOT_SHOWN = frozenset(("run",))  # the life of a process is no waiting


class LanePainter:
    """Draws over lanes; `now_ns` is where what goes on ends."""

    def __init__(self, writer: NameWriter, type_of: Callable[[int], str]) -> None:
        """`type_of(number)`: the type of an object."""
        self._writer = writer
        self._type_of = type_of
        self._scale = TimeScale()
        self._colors = theme.LIGHT
        self._now = 0
        self._object = 0

    def begin(self, scale: TimeScale, now_ns: int, selected_object: int) -> None:
        """A round of painting begins."""
        self._scale = scale
        self._colors = theme.current()
        self._now, self._object = now_ns, selected_object

    def paint(self, painter: QPainter, lane: Lane, top: int, names: Iterable[Name]) -> None:
        """Draw over one lane. `names`: those that are not in the picture."""
        self._paint_life(painter, lane, top)
        for name in names:
            area = (task_rect if name.is_task else bar_rect)(lane, top)
            self._writer.write(painter, self._scale, name, area, self._object)
        self._paint_deeds(painter, lane, top)
        if not lane.is_thread:
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
        color = blend(self._colors.base, inks[row.number % len(inks)], strength)
        height = 1 if lane.is_thread else 2
        painter.fillRect(QRectF(left, top + base_of(lane), right - left, height), color)

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
            kind = "" if deed.object is None else self._type_of(deed.object)
            family = int(Family.WORKS) if is_task else family_of(kind)
            self._paint_open(painter, rect, family)
            if rect.width() >= LEAST:
                text = (deed.text or "task") if is_task else deed.phrase
                self._writer.text(painter, rect, text, self._colors.text)

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
