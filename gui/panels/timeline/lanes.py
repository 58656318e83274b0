"""The lanes of the timeline from top to bottom: processes in the order of the tree, and below each
that is unfolded the other threads of it.

The supervisor has none: it belongs to Spawnscope, not to what is watched. Nor have helpers of
multiprocessing that did nothing with shared objects.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

import msgspec

from spawnscope.core.analysis.timeline.timeline import ThreadTracks, Timeline
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import HELPERS, Role
from spawnscope.core.vocabulary.kinds import MAIN_THREAD

LANE = 28  # px at 100 %
TASKS = 18  # more, where tasks are shown


class Lane(msgspec.Struct, frozen=True, gc=False):
    """`thread`: whose operations it shows; `tracks`: these, None without any. `is_thread`: it
    belongs to the process above. `more`: how many further threads can be folded out."""

    process: ProcessRow
    depth: int
    thread: str
    tracks: ThreadTracks | None
    is_thread: bool
    more: int
    unfolded: bool
    top: int
    height: int

    @property
    def has_tasks(self) -> bool:
        """Whether there is a row of tasks above the operations."""
        return self.height > LANE


class LaneList:
    """All lanes with their places. `unfolded`: the processes whose threads are shown."""

    def __init__(self) -> None:
        self.unfolded: set[int] = set()
        self._lanes: list[Lane] = []
        self._tops: list[int] = []
        self.height = 0
        # When the first process began and the last one ended, Unix ns; whether any lives.
        self._began: int | None = None
        self._ended = 0
        self._lives = False
        self._of: dict[tuple[int, str], int] = {}

    def __len__(self) -> int:
        return len(self._lanes)

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._lanes)

    def rebuild(
        self,
        people: ProcessTable,
        timeline: Timeline | None,
        shows: Callable[[ProcessRow], bool] = lambda _row: True,
    ) -> None:
        """Take over what processes and threads there are now, as far as the scope shows them."""
        lanes: list[Lane] = []
        self._of.clear()
        top = 0
        waiting = [(number, 0) for number in reversed(people.children(None))]
        while waiting:
            number, depth = waiting.pop()
            row = people[number]
            threads = [] if timeline is None else timeline.threads(number)
            is_left_out = row.role is Role.SUPERVISOR or (row.role in HELPERS and not threads)
            below = depth if is_left_out else depth + 1
            waiting.extend((each, below) for each in reversed(people.children(number)))
            if is_left_out or not shows(row):
                continue
            unfolded = number in self.unfolded and len(threads) > 1
            shown: list[tuple[str, ThreadTracks | None]] = [
                *(threads if unfolded else threads[:1])
            ] or [(MAIN_THREAD, None)]
            for place, (name, tracks) in enumerate(shown):
                has_tasks = (tracks is not None and len(tracks.tasks) > 0) or any(
                    deed.operation == "task" and deed.thread == name for deed in row.doing
                )
                height = LANE + TASKS * has_tasks
                more = len(threads) - 1 if not place else 0
                self._of[number, name] = len(lanes)
                lanes.append(Lane(row, depth, name, tracks, place > 0, more, unfolded, top, height))
                top += height
        self._lanes, self.height = lanes, top
        self._tops = [lane.top for lane in lanes]
        rows = [lane.process for lane in lanes if not lane.is_thread]
        self._began = min((row.started_ns for row in rows), default=None)
        self._lives = any(row.is_live for row in rows)
        ends = (row.started_ns if row.ended_ns is None else row.ended_ns for row in rows)
        self._ended = max(ends, default=0)

    def extent(self, timeline: Timeline | None, now_ns: int | None) -> tuple[int, int] | None:
        """From when to when there is something to show, Unix ns; up to now, if there is one and as
        long as a process runs. None without anything."""
        last = 0 if timeline is None else timeline.last_ns
        if self._began is None and not last:
            return None
        last = max(last, self._ended)
        if now_ns is not None and self._lives:
            last = now_ns
        return last if self._began is None else self._began, last

    def at(self, y: float) -> Lane | None:
        """The lane at this height, measured from the top of the first one."""
        place = bisect_right(self._tops, y) - 1
        if place < 0 or y >= self.height:
            return None
        return self._lanes[place]

    def between(self, top: float, bottom: float) -> list[Lane]:
        """The lanes that are seen between two heights."""
        first = max(0, bisect_right(self._tops, top) - 1)
        return self._lanes[first : bisect_right(self._tops, bottom)]

    def of(self, process: int, thread: str = "") -> Lane | None:
        """The lane that shows this thread; else that of its process."""
        place = self._of.get((process, thread))
        if place is not None:
            return self._lanes[place]
        return next((lane for lane in self._lanes if lane.process.number == process), None)
