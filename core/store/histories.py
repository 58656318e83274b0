"""The last minute of one shared object: a sample a second, in a few kilobytes.

    state of the object --note()--> [second, depth, totals, time waited, how many wait, results
                                     that nobody has taken] x 62
    series(), waits_at() <-- each sample holds until the next

Only what changes leaves samples. While threads wait and nothing else happens, no state comes; how
long they have waited by then follows from how many there are.
"""

from __future__ import annotations

from array import array
from itertools import pairwise

SECONDS = 60  # of which samples are kept
_SECOND = 1_000_000_000
_STRIDE = 9
_TIME, _DEPTH, _INWARD, _OUTWARD, _PUT, _GET, _PUTTING, _GETTING, _UNTAKEN = range(_STRIDE)
_NO_DEPTH = -1
_QUIET = _SECOND  # ns without a state from which on waits are taken to go on


class ObjectHistory:
    """Samples of one object; `note` is called with rising times (Unix time, ns)."""

    __slots__ = ("_samples",)

    def __init__(self) -> None:
        self._samples = array("q")

    def note(
        self,
        time_ns: int,
        depth: int | None,
        totals: tuple[int, int],
        waited: tuple[int, int],
        waiting: tuple[int, int],
        untaken: int = 0,
    ) -> None:
        """What holds from `time_ns` on. `totals`: all that ever went in and out; `waited`: for how
        long threads have waited to put and to get (ns), with what they wait just now; `waiting`:
        how many wait just now to put and to get; `untaken`: see `ObjectRow`."""
        samples = self._samples
        if samples and samples[_TIME - _STRIDE] // _SECOND == time_ns // _SECOND:
            del samples[-_STRIDE:]
        depth = _NO_DEPTH if depth is None else depth
        samples.extend((time_ns, depth, *totals, *waited, *waiting, untaken))
        oldest = time_ns - (SECONDS + 1) * _SECOND
        # The last one before the minute holds at its beginning.
        while len(samples) > _STRIDE and samples[_STRIDE + _TIME] <= oldest:
            del samples[:_STRIDE]

    def depths(self, now_ns: int) -> tuple[float, ...]:
        """How many items were in it at the end of each second of the last minute; from when it was
        made on, and () where it has no depth."""
        found = self._by_second(now_ns // _SECOND, _DEPTH)
        return tuple(float(depth) for depth in found if depth != _NO_DEPTH)

    def untaken(self, now_ns: int) -> tuple[int, ...]:
        """How many results nobody had taken at the end of each second of the last minute."""
        return tuple(self._by_second(now_ns // _SECOND, _UNTAKEN))

    def rates(self, now_ns: int, outward: bool) -> tuple[float, ...]:
        """How many operations there were in each whole second of the last minute."""
        totals = self._by_second(now_ns // _SECOND - 1, _OUTWARD if outward else _INWARD, 1)
        return tuple(float(max(0, b - a)) for a, b in pairwise(totals))

    def waits_at(self, time_ns: int) -> tuple[int, int]:
        """For how long threads had waited, to put and to get (ns), by a time."""
        samples = self._samples
        low, high = 0, len(samples) // _STRIDE  # the first sample that is later is in between
        while low < high:
            middle = (low + high) // 2
            if samples[middle * _STRIDE] <= time_ns:  # _TIME is 0
                low = middle + 1
            else:
                high = middle
        if low == 0:
            return 0, 0
        at = (low - 1) * _STRIDE
        put, get = samples[at + _PUT], samples[at + _GET]
        silence = time_ns - samples[at + _TIME]
        if silence > _QUIET:
            put += samples[at + _PUTTING] * silence
            get += samples[at + _GETTING] * silence
            after = at + _STRIDE
            if after < len(samples):
                put, get = min(put, samples[after + _PUT]), min(get, samples[after + _GET])
        return put, get

    def _by_second(self, last: int, field: int, more: int = 0) -> list[int]:
        """The field at the end of each of the seconds up to `last`, `more` than a minute."""
        samples, found = self._samples, list[int]()
        if not samples:
            return found
        first = max(last - SECONDS + 1 - more, samples[_TIME] // _SECOND)
        at, end = 0, len(samples)
        for second in range(first, last + 1):
            limit = (second + 1) * _SECOND
            while at + _STRIDE < end and samples[at + _STRIDE + _TIME] < limit:
                at += _STRIDE
            found.append(samples[at + field])
        return found
