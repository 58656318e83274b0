"""The lane of the selected process stays in sight.

select --reveal--> its lane, or as soon as it has one;  a lower viewport --keep--> above its edge
other lanes above it (watched) --> still whole in view
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from . import ruler_painter
from .lane_view import LaneView
from .lanes import Lane


class InView:
    """Scrolls the lanes. It emits nothing."""

    def __init__(self, view: LaneView) -> None:
        self._view = view
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
        view = self._view
        lane = view.lanes.of(process)
        self._awaited = process if lane is None else 0
        if lane is not None and not self._is_whole(lane):
            view.verticalScrollBar().setValue(lane.top - view.area.height() // 3)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """The lanes are made anew meanwhile: others may have come, or be higher as it is read what
        they do. The selected one, if it was whole in view, is so afterwards."""
        lane = self._chosen()
        whole = lane is not None and self._is_whole(lane)
        yield
        if self._awaited:
            self.reveal(self._awaited)
        elif whole and not self._held and (lane := self._chosen()) and not self._is_whole(lane):
            self.reveal(lane.process.number)

    def keep(self, height: int) -> None:
        """The viewport was `height` high and may be lower now, as when the curves come up: the
        selected lane, if it was seen, is not to be below its edge."""
        view = self._view
        lane = self._chosen()
        if lane is not None and self._is_seen(lane, height):
            bar = view.verticalScrollBar()
            over = view.top_of(lane) + lane.height - view.viewport().height()
            if over > 0:
                bar.setMaximum(max(bar.maximum(), lane.top))
                bar.setValue(min(bar.value() + over, lane.top))

    def _chosen(self) -> Lane | None:
        chosen = self._view.selection.processes
        return self._view.lanes.of(next(iter(chosen))) if len(chosen) == 1 else None

    def _is_whole(self, lane: Lane) -> bool:
        top = self._view.top_of(lane)
        return ruler_painter.HEIGHT <= top <= self._view.viewport().height() - lane.height

    def _is_seen(self, lane: Lane, height: int) -> bool:
        top = self._view.top_of(lane)
        return top + lane.height > ruler_painter.HEIGHT and top < height
