"""CPU and memory of one process as curves below the lanes, over the same time.

This is the one module that needs pyqtgraph, and is imported when curves are first shown.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from spawnscope.core.client.process_row import ProcessRow

from ...models.process_columns import memory_text
from ...models.timeline_scale import TimeScale
from ...style import theme
from ..plain import Label

HEIGHT = 104  # px at 100 %
_AXIS = 62
_LEAST_CPU = 25.0  # percent: an idle process shall look idle
_LEAST_MEMORY = 1 << 20


class _MemoryAxis(pg.AxisItem):  # type: ignore[misc]
    """Sizes in the units of the process tree."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [memory_text(int(value)) for value in values]


class UsageCurves(QWidget):
    """Two curves; `names` px at the left, as wide as the names of the lanes, hold title and
    scales. It emits nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("CPU and memory")
        self.setFixedHeight(HEIGHT)
        self._origin = 0
        self._dressing = True
        self._title = Label(self)
        self._title.setWordWrap(True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._title.setContentsMargins(theme.SPACE, theme.SPACE // 2, 0, 0)
        self._view = pg.GraphicsLayoutWidget(self)
        self._view.setFrameShape(self._view.Shape.NoFrame)
        self._view.ci.layout.setContentsMargins(0, 3, 0, 3)
        self._view.ci.layout.setSpacing(4)
        self._view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._boxes: list[Any] = []
        self._axes: list[Any] = []
        self._curves: list[Any] = []
        for row, axis in enumerate((pg.AxisItem("left"), _MemoryAxis("left"))):
            # Not a PlotItem: that would bring menus along, which nobody can open here.
            box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
            curve = pg.PlotCurveItem()
            box.addItem(curve)
            axis.linkToView(box)
            axis.setWidth(_AXIS)
            axis.setStyle(tickLength=-3, maxTickLevel=0, textFillLimits=[(0, 0.9)])
            self._view.ci.addItem(axis, row, 0)
            self._view.ci.addItem(box, row, 1)
            self._boxes.append(box)
            self._axes.append(axis)
            self._curves.append(curve)
        row_layout = QHBoxLayout(self)
        row_layout.setContentsMargins(0, 1, 0, 0)
        row_layout.setSpacing(0)
        row_layout.addWidget(self._title)
        row_layout.addWidget(self._view, 1)
        self._dress()
        self._dressing = False

    def set_names(self, width: int) -> None:
        """The lanes begin so far from the left edge."""
        self._title.setFixedWidth(max(0, width - _AXIS))

    def set_right(self, width: int) -> None:
        """So much at the right edge belongs to the lanes' scroll bar."""
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 1, width, 0)

    def show_time(self, scale: TimeScale) -> None:
        """The same time as the lanes."""
        left = (scale.left_ns - self._origin) / 1e9
        right = (scale.right_ns - self._origin) / 1e9
        for box in self._boxes:
            box.setXRange(left, right, padding=0)

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
        facts = (
            "no samples"
            if last is None
            else (f"CPU {last[1]:.0f} %\nmemory {memory_text(last[2])}")
        )
        self._title.setText(f"{shown}\n{facts}" if name else "")
        times = np.array([sample[0] - origin_ns for sample in samples]) / 1e9
        cpu = np.array([sample[1] for sample in samples], float)
        memory = np.array([sample[2] for sample in samples], float)
        least = (_LEAST_CPU, _LEAST_MEMORY)
        parts = zip(self._boxes, self._axes, self._curves, (cpu, memory), least, strict=True)
        for box, axis, curve, values, floor in parts:
            curve.setData(times, values)
            top = max(floor, float(values.max(initial=0))) * 1.08
            box.setYRange(0, top, padding=0)
            axis.setTicks([self._ticks(axis, top)])

    def _ticks(self, axis: Any, top: float) -> list[tuple[float, str]]:
        """One number near the top: the bottom is 0."""
        if axis is self._axes[0]:
            mark = max(25.0, top / 1.08 // 25 * 25)
            return [(mark, f"{mark:.0f} %")]
        mark = top / 1.08
        return [(mark, memory_text(int(mark)))]

    def _dress(self) -> None:
        colors = theme.current()
        self._view.setBackground(theme.color(colors.base))
        small = QFont(self.font())
        if small.pointSizeF() > 0:
            small.setPointSizeF(small.pointSizeF() * 0.85)
        self.setAutoFillBackground(True)
        ground = self.palette()
        ground.setColor(ground.ColorRole.Window, theme.color(colors.base))
        self.setPalette(ground)
        palette = self._title.palette()
        palette.setColor(palette.ColorRole.WindowText, theme.color(colors.muted))
        self._title.setPalette(palette)
        self._title.setFont(small)
        inks = (colors.good, colors.process[3])
        for axis, curve, value in zip(self._axes, self._curves, inks, strict=True):
            color = theme.color(value)
            curve.setPen(pg.mkPen(color, width=1.4))
            fill = QColor(color)
            fill.setAlphaF(0.15)
            curve.setFillLevel(0)
            curve.setBrush(fill)
            axis.setPen(theme.color(colors.border))
            axis.setTextPen(theme.color(colors.muted))
            axis.setTickFont(small)

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
        """A line between the lanes and the curves."""
        painter = QPainter(self)
        line = QRect(0, 0, self.width(), 1)
        painter.fillRect(line, theme.color(theme.current().border))
        painter.end()
