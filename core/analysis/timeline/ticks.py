"""The messages of one process as points in time."""

from __future__ import annotations

import numpy as np

from .changes import Changes
from .growing import Array, Growing


class Ticks:
    """Lines of stdout and of stderr, each in order of time. Several lines that came at once are
    one tick, which has the id of the first of them."""

    def __init__(self) -> None:
        self._times = (Growing(np.int64), Growing(np.int64))
        self._ids = (Growing(np.int64), Growing(np.int64))
        self.changes = Changes()
        self.last_ns = 0  # the latest of all

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        return sum(column.nbytes for column in (*self._times, *self._ids))

    def append(self, times: Array, ids: Array, is_error: bool) -> None:
        """More of them, of one stream."""
        column = self._times[is_error]
        # The supervisor's clock may be set back: what comes later stays behind.
        floor = column.values[-1:] if column.size else times[:1]
        times = np.maximum(np.maximum.accumulate(times), floor)
        column.append(times)
        self._ids[is_error].append(ids)
        self.changes.note(int(times[0]))
        self.last_ns = max(self.last_ns, int(times[-1]))

    def columns(self, edges: Array, is_error: bool) -> Array:
        """How many ticks lie between each two of these times (n edges: n - 1 numbers)."""
        found: Array = np.diff(np.searchsorted(self._times[is_error].values, edges))
        return found

    def nearest(self, time_ns: int, tolerance_ns: int) -> tuple[int, int, bool] | None:
        """(id, time, whether it is of stderr) of the tick next to a time; stderr goes first."""
        for is_error in (True, False):
            times = self._times[is_error].values
            place = int(np.searchsorted(times, time_ns))
            near = [each for each in (place - 1, place) if 0 <= each < len(times)]
            near.sort(key=lambda each: abs(int(times[each]) - time_ns))
            if near and abs(int(times[near[0]]) - time_ns) <= tolerance_ns:
                return int(self._ids[is_error].values[near[0]]), int(times[near[0]]), is_error
        return None
