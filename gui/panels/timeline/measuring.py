"""A span that the user drags over, its length, and what happened within."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics, QPainter

from spawnscope.core.session.open_waits import OpenWait, waits_in

from ...kit.object_look import WORDS
from ...kit.text.span import span_text
from .overlays import paint_measure

if TYPE_CHECKING:
    from .canvas import TimelineCanvas


class Measuring:
    """What is measured on a canvas; `span` is (start, end) in Unix ns, None for nothing."""

    def __init__(self, canvas: TimelineCanvas) -> None:
        self._canvas = canvas
        self.span: tuple[int, int] | None = None
        self._known: tuple[int, int, int] | None = None
        self.lines: list[str] = []

    def set(self, one_ns: int, other_ns: int) -> None:
        """From here to there, in whichever order."""
        self.span = min(one_ns, other_ns), max(one_ns, other_ns)
        self._canvas.measured.emit(True)
        self._canvas.viewport().update()

    def clear(self) -> None:
        """Measure nothing."""
        if self.span is not None:
            self.span = None
            self._canvas.measured.emit(False)
            self._canvas.viewport().update()

    def told(self) -> list[str]:
        """Its length, how many operations lie in it, and how long they waited for what."""
        timeline = self._canvas.source.timeline
        if self.span is None:
            return []
        start, end = self.span
        known = (start, end, -1 if timeline is None else timeline.version)
        if known != self._known:
            self._known = known
            self.lines = [span_text(end - start)]
            if timeline is not None:
                counts, waited = timeline.totals(start, end)
                timeline.add_open_waits(waited, self._open_waits(), start, end)
                count = int(counts.sum())
                self.lines.append(f"{count:,} {'operation' if count == 1 else 'operations'}")
                self.lines += [
                    f"waited for {words}: {span_text(int(spent))}"
                    for words, spent in zip(WORDS, waited.tolist(), strict=True)
                    if spent >= 1
                ]
        return self.lines

    def _open_waits(self) -> Iterator[OpenWait]:
        """What threads wait in now, or did when they ended."""
        for row in self._canvas.people:
            if row.doing:
                until_ns = self._canvas.now_ns if row.ended_ns is None else row.ended_ns
                yield from waits_in(row.number, row.doing, until_ns)

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Draw it over the lanes."""
        if self.span is None:
            return
        scale = self._canvas.scale
        left, right = (area.left() + scale.x(edge) for edge in self.span)
        if right >= area.left() and left <= area.right():
            metrics = QFontMetrics(self._canvas.font())
            paint_measure(painter, area, left, right, self.told(), metrics)
