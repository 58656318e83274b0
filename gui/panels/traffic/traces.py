"""The last minute of each object that is in view: depth and rates, a value a second.

live: ObjectTable.history() -------.
past: session file --read_some()---+--> ObjectHistory --> depths, inward, outward
"""

from __future__ import annotations

import time

import msgspec

from spawnscope.core.store.histories import SECONDS, ObjectHistory
from spawnscope.core.store.store import Store

from .operation_source import OperationSource

_SECOND = 1_000_000_000
_NOTHING = (0, 0)


class Trace(msgspec.Struct, frozen=True):
    """One object's last minute, the newest value last; () where there is nothing to draw."""

    depths: tuple[float, ...] = ()
    inward: tuple[float, ...] = ()
    outward: tuple[float, ...] = ()


_UNKNOWN = (-1, Trace())


class TrafficTraces:
    """Traces by the number of the object. `now_ns`: the end of the minute, in Unix time; None while
    time goes on. `behind`: objects whose trace is not that of this second yet, as there were too
    many at once."""

    def __init__(self, store: Store, source: OperationSource) -> None:
        self._objects = store.session.objects
        self.source = source
        self.now_ns: int | None = None
        self._kept: dict[int, tuple[int, Trace]] = {}  # with the second that it ends in
        self._left = 0
        self.behind: list[int] = []
        self._wanted: dict[int, None] = {}

    @property
    def waiting(self) -> bool:
        """Whether something that was asked for must be read first."""
        return bool(self._wanted)

    def end_at(self, now_ns: int | None) -> None:
        """The minute ends here from now on."""
        self.now_ns = now_ns
        self.forget()

    def forget(self) -> None:
        """What is known may differ."""
        self._kept.clear()
        self._wanted.clear()

    def begin(self, most: int) -> None:
        """A round of painting begins, in which at most so many traces are made anew."""
        self._left = most
        self.behind = []

    def of(self, number: int) -> Trace:
        """The trace of an object, as far as it is known."""
        second, known = self._kept.get(number, _UNKNOWN)
        if self.now_ns is not None:
            if second < 0:
                self._wanted[number] = None
            return known
        now = self._objects.clock.now_ns()
        if second == now // _SECOND:
            return known
        if self._left <= 0:
            self.behind.append(number)
            return known
        self._left -= 1
        known = _trace(self._objects.history(number), now)
        self._kept[number] = now // _SECOND, known
        return known

    def read_some(self, seconds: float) -> bool:
        """Read what was asked for, for about so long; whether anything was. Raises SessionError."""
        deadline = time.perf_counter() + seconds
        end = self.now_ns
        did = False
        while self._wanted and end is not None:
            number = next(iter(self._wanted))
            del self._wanted[number]
            history = ObjectHistory()
            begin = end - SECONDS * _SECOND
            for at, depth, inward, outward in self.source.series(number, begin, end, SECONDS):
                history.note(at, depth, (inward, outward), _NOTHING, _NOTHING)
            self._kept[number] = 0, _trace(history, end)
            did = True
            if time.perf_counter() >= deadline:
                break
        return did


def _trace(history: ObjectHistory, now_ns: int) -> Trace:
    depths = history.depths(now_ns)
    inward, outward = history.rates(now_ns, False), history.rates(now_ns, True)
    return Trace(
        depths if any(depths) else (),
        inward if any(inward) else (),
        outward if any(outward) else (),
    )
