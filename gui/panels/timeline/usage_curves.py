"""CPU and memory of one process as curves below the lanes, over the same time.

A curve is a path in seconds and percent or bytes, made when there are new samples; time that goes
on only moves it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QTransform,
)
from PySide6.QtWidgets import QHBoxLayout, QWidget

from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.translation import tr

from ...kit.plain import Label
from ...kit.style import theme
from ...kit.text.figures import memory_text
from .scale import TimeScale

HEIGHT = 104  # px at 100 %
_AXIS = 62
_EDGE, _GAP = 3, 4  # px above and below the curves, and between them
_TICK = 3
_LEAST_CPU = 25.0  # percent: an idle process shall look idle
_LEAST_MEMORY = float(1 << 20)
_ROOM = 1.08  # so much higher than the highest value


@dataclass
class _Curve:
    """`line` and `ground` (closed at zero) in seconds and in the curve's unit, up to `top`;
    `mark` is the one value that is told, by `text`."""

    line: QPainterPath = field(default_factory=QPainterPath)
    ground: QPainterPath = field(default_factory=QPainterPath)
    top: float = 1.0
    mark: float = 0.0
    text: str = ""


class UsageCurves(QWidget):
    """Two curves; `names` px at the left, as wide as the names of the lanes, hold title and
    scales. It emits nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("CPU and memory"))
        self.setFixedHeight(HEIGHT)
        self._origin = 0
        self._names = _AXIS
        self._span = (0.0, 1.0)  # what is seen: seconds since the origin
        self._curves = (_Curve(), _Curve())
        self._dressing = True
        self._title = Label(self)
        self._title.setWordWrap(True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._title.setContentsMargins(theme.SPACE, theme.SPACE // 2, 0, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 1, 0, 0)
        layout.addWidget(self._title)
        layout.addStretch(1)
        self._right = 0
        self._small = QFont()
        self._dress()
        self._dressing = False

    @property
    def title(self) -> str:
        """Whose curves they are, and the newest values."""
        return self._title.text()

    def set_names(self, width: int) -> None:
        """The lanes begin so far from the left edge."""
        if width != self._names:
            self._names = width
            self._title.setFixedWidth(max(0, width - _AXIS))
            self.update()

    def set_right(self, width: int) -> None:
        """So much at the right edge belongs to the lanes' scroll bar."""
        if width != self._right:
            self._right = width
            self.update()

    def show_time(self, scale: TimeScale) -> None:
        """The same time as the lanes."""
        span = (scale.left_ns - self._origin) / 1e9, (scale.right_ns - self._origin) / 1e9
        if span != self._span:
            self._span = span
            self.update(self._plot())

    def show_samples(
        self, row: ProcessRow | None, samples: list[tuple[int, float, int]], origin_ns: int
    ) -> None:
        """The curves of a process, from (time, CPU percent, bytes); `origin_ns`: its zero."""
        self._origin = origin_ns
        name = "" if row is None else f"{row.label} ({row.pid})"
        metrics = self._title.fontMetrics()
        room = max(20, self._title.width() - 2 * theme.SPACE)
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        last = samples[-1] if samples else None
        facts = tr("no samples")
        if last is not None:
            size = memory_text(last[2])
            facts = tr("CPU {percent:.0f} %\nmemory {size}", percent=last[1], size=size)
        self._title.setText(f"{shown}\n{facts}" if name else "")
        seconds = [(sample[0] - origin_ns) / 1e9 for sample in samples]
        cpu = _curve(seconds, [sample[1] for sample in samples], _LEAST_CPU)
        cpu.mark = max(25.0, cpu.top / _ROOM // 25 * 25)
        cpu.text = f"{cpu.mark:.0f} %"
        memory = _curve(seconds, [float(sample[2]) for sample in samples], _LEAST_MEMORY)
        memory.mark = memory.top / _ROOM
        memory.text = memory_text(int(memory.mark))
        self._curves = (cpu, memory)
        self.update()

    def _plot(self) -> QRect:
        """Where the curves are."""
        return self.rect().adjusted(self._names, 1 + _EDGE, -self._right, -_EDGE)

    def _dress(self) -> None:
        colors = theme.current()
        small = QFont(self.font())
        if small.pointSizeF() > 0:
            small.setPointSizeF(small.pointSizeF() * 0.85)
        self._small = small
        self.setAutoFillBackground(True)
        ground = self.palette()
        ground.setColor(ground.ColorRole.Window, theme.color(colors.base))
        self.setPalette(ground)
        palette = self._title.palette()
        palette.setColor(palette.ColorRole.WindowText, theme.color(colors.muted))
        self._title.setPalette(palette)
        self._title.setFont(small)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Our own palette is set below: that change needs no answer.
        if event.type() == QEvent.Type.PaletteChange and not self._dressing:
            self._dressing = True
            try:
                self._dress()
            finally:
                self._dressing = False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Both curves with their scales, and a line between the lanes and the curves."""
        painter = QPainter(self)
        colors = theme.current()
        painter.fillRect(QRect(0, 0, self.width(), 1), theme.color(colors.border))
        plot = self._plot()
        height = (plot.height() - _GAP) / 2
        inks = (colors.good, colors.process[3])
        for place, (curve, ink) in enumerate(zip(self._curves, inks, strict=True)):
            top = plot.top() + place * (height + _GAP)
            area = QRectF(plot.left(), top, plot.width(), height)
            if event.rect().left() < plot.left():
                self._paint_scale(painter, curve, area)
            self._paint_curve(painter, curve, area, theme.color(ink))
        painter.end()

    def _paint_scale(self, painter: QPainter, curve: _Curve, area: QRectF) -> None:
        """The one number beside a curve: the bottom is 0."""
        colors = theme.current()
        left, y = area.left() - 1, area.bottom() - curve.mark / curve.top * area.height()
        painter.fillRect(QRectF(left, area.top(), 1, area.height()), theme.color(colors.border))
        painter.fillRect(QRectF(left - _TICK, y, _TICK, 1), theme.color(colors.border))
        if not curve.text:
            return
        painter.setFont(self._small)
        painter.setPen(theme.color(colors.muted))
        line = painter.fontMetrics().height()
        words = QRectF(left - _AXIS, max(0.0, y - line / 2), _AXIS - _TICK - 3, line)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignRight), curve.text)

    def _paint_curve(self, painter: QPainter, curve: _Curve, area: QRectF, ink: QColor) -> None:
        first, last = self._span
        across = area.width() / max(1e-9, last - first)
        down = area.height() / curve.top
        place = QTransform(across, 0, 0, -down, area.left() - first * across, area.bottom())
        fill = QColor(ink)
        fill.setAlphaF(0.15)
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.fillPath(place.map(curve.ground), fill)
        painter.setPen(QPen(ink, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(place.map(curve.line))
        painter.restore()


def _curve(seconds: list[float], values: list[float], least: float) -> _Curve:
    """A curve that is at least as high as `least`."""
    found = _Curve(top=max(least, max(values, default=0.0)) * _ROOM)
    points = [QPointF(x, y) for x, y in zip(seconds, values, strict=True)]
    if points:
        found.line.addPolygon(QPolygonF(points))
        ends = QPointF(seconds[-1], 0), QPointF(seconds[0], 0)
        found.ground.addPolygon(QPolygonF([*points, *ends]))
        found.ground.closeSubpath()
    return found
