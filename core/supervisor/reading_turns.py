"""Whose turn it is to be read, and for how long.

    all recorders --due, not dear, this round has time left--> read --took too much--> dear
                                                '-- none left --> first in the next round

What a recorder costs is up to the process that writes it. So a round has an end, and a recorder
that took more than its share of our time is left alone until it has some again.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator

from .watched_process import WatchedProcess

_LONGEST_SECONDS = 0.1  # of processor time, that a round takes before others have a turn
_SHARE = 0.2  # of the processor for one recorder, several times what a process may write takes,
_BURST_SECONDS = 0.2  # and so much at once, as for names of objects at its beginning
_NOTHING_SECONDS = 0.002  # what takes no longer is not counted


class ReadingTurns:
    """See the module. `whole`: the last round got to everybody."""

    def __init__(self) -> None:
        self.whole = True
        self._next = 0  # number of the process that the next round begins with

    def due(self, everybody: Collection[WatchedProcess], now: float) -> Iterator[WatchedProcess]:
        """Those to be read now, each of which is read before the next one is asked for. `now`:
        seconds, monotonic."""
        self.whole = True
        begin = at = time.thread_time()
        for one in self._in_turn(everybody):
            if one.due <= now and one.dear_until <= now:
                if at - begin >= _LONGEST_SECONDS:
                    self._next, self.whole = one.record.number, False
                    return
                yield one
                at = _charge(one, at, now)
        self._next = 0

    def stirred(
        self, everybody: Collection[WatchedProcess], now: float
    ) -> Iterator[WatchedProcess]:
        """Those to be looked into now, in the same way."""
        begin = at = time.thread_time()
        for one in self._in_turn(everybody):
            if one.stirred and at - begin < _LONGEST_SECONDS:
                yield one
                at = _charge(one, at, now)

    def _in_turn(self, everybody: Collection[WatchedProcess]) -> list[WatchedProcess]:
        """All of them, from the one on that the last round did not get to."""
        if not self._next:
            return list(everybody)
        later = [one for one in everybody if one.record.number >= self._next]
        return later + [one for one in everybody if one.record.number < self._next]


def _charge(one: WatchedProcess, since: float, now: float) -> float:
    """It was dealt with since then, in processor time; returns when that was over."""
    at = time.thread_time()
    took = at - since
    if took > _NOTHING_SECONDS:
        one.owed = max(0.0, one.owed - (now - one.owed_at) * _SHARE) + took
        one.owed_at = now
        if one.owed > _BURST_SECONDS:
            one.dear_until = now + (one.owed - _BURST_SECONDS) / _SHARE
    return at
