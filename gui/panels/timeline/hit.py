"""What is under the pointer."""

from __future__ import annotations

from dataclasses import dataclass

from spawnscope.core.analysis.timeline.timeline import Timeline
from spawnscope.core.store.doing import Deed

from .lane_shape import FOOT, bar_rect, task_rect
from .lanes import Lane
from .scale import TimeScale

_NEAR = 3  # px beside an operation that still mean it


@dataclass(frozen=True)
class Hit:
    """Something on a lane. `id`: of an operation (`is_message` False) or of a message; 0 for what
    has no row yet, which `deed` tells. `others`: how many more operations lie under the same
    pixels. `object`: the object's number, 0 for none."""

    lane: Lane
    id: int
    start_ns: int
    end_ns: int
    waited_ns: int = 0
    object: int = 0
    others: int = 0
    is_task: bool = False
    is_message: bool = False
    deed: Deed | None = None

    @property
    def key(self) -> tuple[int, int, bool, int]:
        """The same for two hits on one thing."""
        return (self.lane.process.number, self.id, self.is_message, self.start_ns)


def hit_at(
    lane: Lane, y: float, x: float, scale: TimeScale, timeline: Timeline | None, now_ns: int
) -> Hit | None:
    """What lies at `x` of the area of time, `y` below the top of `lane`."""
    time_ns = scale.time(x)
    tolerance = int(_NEAR * scale.ns_per_pixel)
    if y >= lane.height - FOOT + 1:
        return None if timeline is None else _message(lane, time_ns, tolerance, timeline)
    tasks = lane.has_tasks and y < bar_rect(lane, 0).top() - 1
    inside = task_rect(lane, 0) if tasks else bar_rect(lane, 0)
    if y < inside.top() - 2:
        return None
    found = None
    if timeline is not None and lane.tracks is not None:
        track = lane.tracks.tasks if tasks else lane.tracks.operations
        at = track.at(time_ns, tolerance)
        if at is not None:
            place, count = at
            start = track.start(place)
            found = Hit(
                lane,
                track.id(place),
                start,
                track.end(place),
                track.waited(place),
                int(timeline.kinds.object[track.kind(place)]),
                count - 1,
                tasks,
            )
            if start <= time_ns <= found.end_ns:
                return found
    return _deed(lane, time_ns, tasks, now_ns) or found


def hit_now(hit: Hit, lane: Lane, now_ns: int) -> Hit | None:
    """The same on its lane as that is now: what is not over has gone on. None when it is over."""
    return hit if hit.deed is None else _deed(lane, hit.start_ns, hit.is_task, now_ns)


def _message(lane: Lane, time_ns: int, tolerance: int, timeline: Timeline) -> Hit | None:
    ticks = timeline.ticks.get(lane.process.number)
    near = None if ticks is None or lane.is_thread else ticks.nearest(time_ns, tolerance)
    if near is None:
        return None
    number, at, _ = near
    return Hit(lane, number, at, at, is_message=True)


def _deed(lane: Lane, time_ns: int, tasks: bool, now_ns: int) -> Hit | None:
    row = lane.process
    end = now_ns if row.ended_ns is None else row.ended_ns
    for deed in row.doing:
        fits = deed.thread == lane.thread and (deed.operation == "task") == tasks
        if fits and deed.operation != "run" and deed.since_ns <= time_ns <= end:
            span = end - deed.since_ns
            return Hit(lane, 0, deed.since_ns, end, span, deed.object or 0, deed=deed)
    return None
