"""A span that the user drags over, its length, and what happened within."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QFontMetrics, QPainter

from spawnscope.core.session.open_waits import OpenWait, waits_in
from spawnscope.core.translation import mark, tr, trn
from spawnscope.core.vocabulary.kinds import Family

from ...kit.text.span import span_text
from .lane_view import LaneView
from .overlays import paint_measure

_WAITED = {
    Family.CARRIES: mark("waited for queues, pipes: {time}"),
    Family.HOLDS_BACK: mark("waited for locks, events: {time}"),
    Family.WORKS: mark("waited for pools, processes: {time}"),
    Family.KEEPS: mark("waited for other: {time}"),
}


class Measuring(QObject):
    """What is measured; `span` is (start, end) in Unix ns, None for nothing. Emits changed(bool):
    whether anything is."""

    changed = Signal(bool)

    def __init__(self, view: LaneView) -> None:
        super().__init__(view)
        self._view = view
        self.span: tuple[int, int] | None = None
        self._known: tuple[int, int, int] | None = None
        self.lines: list[str] = []

    def set(self, one_ns: int, other_ns: int) -> None:
        """From here to there, in whichever order."""
        self.span = min(one_ns, other_ns), max(one_ns, other_ns)
        self.changed.emit(True)
        self._view.viewport().update()

    def clear(self) -> None:
        """Measure nothing."""
        if self.span is not None:
            self.span = None
            self.changed.emit(False)
            self._view.viewport().update()

    def zoom(self) -> None:
        """See it, as large as it goes."""
        if self.span is not None:
            self._view.show_span(*self.span)

    def told(self) -> list[str]:
        """Its length, how many operations lie in it, and how long they waited for what."""
        timeline = self._view.source.timeline
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
                self.lines.append(trn("{count} operation", "{count} operations", count))
                self.lines += [
                    tr(_WAITED[family], time=span_text(int(spent)))
                    for family, spent in zip(Family, waited.tolist(), strict=True)
                    if spent >= 1
                ]
        return self.lines

    def _open_waits(self) -> Iterator[OpenWait]:
        """What threads wait in now, or did when they ended."""
        for row in self._view.people:
            if row.doing:
                until_ns = self._view.now_ns if row.ended_ns is None else row.ended_ns
                yield from waits_in(row.number, row.doing, until_ns)

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Draw it over the lanes."""
        if self.span is None:
            return
        scale = self._view.scale
        left, right = (area.left() + scale.x(edge) for edge in self.span)
        if right >= area.left() and left <= area.right():
            metrics = QFontMetrics(self._view.font())
            paint_measure(painter, area, left, right, self.told(), metrics)
