"""The lane of the selected process stays in sight.

select --reveal--> its lane, or as soon as it has one;  a lower viewport --keep--> above its edge
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ...models.timeline_lanes import Lane
from . import ruler_painter

if TYPE_CHECKING:
    from .canvas import TimelineCanvas


class InView:
    """Scrolls the canvas. It emits nothing."""

    def __init__(self, canvas: TimelineCanvas) -> None:
        self._canvas = canvas
        self._awaited = 0  # a process that is to come into view when it has a lane
        self._held = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """What is selected meanwhile stays where it is seen."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def reveal(self, process: int) -> None:
        """Bring the lane of a process into view."""
        if self._held:
            return
        canvas = self._canvas
        lane = canvas.lanes.of(process)
        self._awaited = process if lane is None else 0
        if lane is not None:
            bar, height = canvas.verticalScrollBar(), canvas.area.height()
            if not bar.value() <= lane.top <= bar.value() + height - lane.height:
                bar.setValue(lane.top - height // 3)

    def lanes_made(self) -> None:
        """There are other lanes than before."""
        if self._awaited:
            self.reveal(self._awaited)

    def keep(self, height: int) -> None:
        """The viewport was `height` high and may be lower now, as when the curves come up: the
        selected lane, if it was seen, is not to be below its edge."""
        canvas = self._canvas
        chosen = canvas.selection.processes
        lane = canvas.lanes.of(next(iter(chosen))) if len(chosen) == 1 else None
        if lane is not None and self._is_seen(lane, height):
            bar = canvas.verticalScrollBar()
            over = canvas.top_of(lane) + lane.height - canvas.viewport().height()
            if over > 0:
                bar.setMaximum(max(bar.maximum(), lane.top))
                bar.setValue(min(bar.value() + over, lane.top))

    def _is_seen(self, lane: Lane, height: int) -> bool:
        top = self._canvas.top_of(lane)
        return top + lane.height > ruler_painter.HEIGHT and top < height
