"""Which put brought the item of a get: queues, and the ends of pipes (send and recv).

One thread puts, one gets       the n-th get took what the n-th put brought, whatever is missing
several, nothing is missing     the one item on its way that looks like what the get took
several look alike, or a gap    nobody knows; known again when what came before is gone
"""

from __future__ import annotations

from collections import deque

from ...vocabulary.kinds import ThreadKey
from ...vocabulary.operation import Operation
from .details import Gaps
from .order import NumberedOperation

MOST_ON_THEIR_WAY = 50_000  # items of one object that are remembered
_LATE_NS = 5_000_000  # by which a put may seem to come later than its item was got
_LIKE = 16  # items that look alike, of which we look at each


class ItemsByOrdinal:
    """One thread puts and one thread gets. `numbered`: rows have ordinals; else they are counted
    here. `strict`: somebody else may have put or got unnoticed, so the previews must tell."""

    def __init__(self, numbered: bool, strict: bool) -> None:
        self._numbered = numbered
        self._strict = strict
        self._put: dict[int, NumberedOperation] = {}
        self._puts = self._gets = 0
        self._refuted = False

    def cause(self, number: int, one: Operation) -> None:
        """An item was put."""
        self._puts = one.argument if self._numbered else self._puts + 1
        self._put[self._puts] = (number, one)
        if len(self._put) > MOST_ON_THEIR_WAY:
            del self._put[next(iter(self._put))]

    def effect(self, one: Operation) -> NumberedOperation | None:
        """An item was got: who put it; None when that is not certain."""
        self._gets = one.argument if self._numbered else self._gets + 1
        found = self._put.pop(self._gets, None)
        if found is None or self._refuted:
            return None
        put = found[1]
        if not _alike(put, one) or put.start_ns > one.end_ns + _LATE_NS:
            self._refuted = True  # our picture is wrong, and who knows since when
            return None
        if self._strict and (put.preview is None or one.preview is None):
            return None
        return found


class ItemsByLooks:
    """Several threads put or get. `gaps`: when details are missing; `numbered`: rows have
    ordinals, so what is on its way can be counted also after a gap."""

    def __init__(self, gaps: Gaps, numbered: bool) -> None:
        self._gaps = gaps
        self._numbered = numbered
        self._on_their_way: dict[str | None, deque[NumberedOperation]] = {}
        self._taken: dict[str | None, int] = {}  # by preview: got, but nobody knows which
        self._ordinals: dict[tuple[str, ThreadKey], int] = {}
        self._depth = self._remembered = 0
        self._known = True  # what we remember is all that is on its way
        self._sure_ns = -1  # no gap up to here matters any more

    def cause(self, number: int, one: Operation) -> None:
        """An item was put."""
        self._depth += self._step(one)
        if one.start_ns < self._sure_ns:
            return  # others that were put around it may have no row
        if self._remembered >= MOST_ON_THEIR_WAY:
            self._forget()
        self._on_their_way.setdefault(one.preview, deque()).append((number, one))
        self._remembered += 1

    def effect(self, one: Operation) -> NumberedOperation | None:
        """An item was got: who put it; None when that is not certain."""
        self._depth -= self._step(one)
        gap_ns = self._gaps.last_end(one.end_ns + _LATE_NS)
        if gap_ns >= self._sure_ns:
            self._forget(gap_ns)
            self._sure_ns = gap_ns + 1
        if gap_ns >= one.end_ns:
            if one.preview in self._on_their_way:
                self._forget()  # what was put soon after the gap may be what it took
            return None
        found = None
        if self._known:
            found = self._take(one)
        elif one.preview in self._on_their_way:
            self._forget()  # it may have been one of these, or one that we never saw
        if self._depth < self._remembered:
            self._forget()  # not all that we remember came through
        if self._depth == self._remembered:
            self._known = True  # as many as we remember, and none of these was got
        return found

    def _take(self, one: Operation) -> NumberedOperation | None:
        looks = one.preview
        alike = self._on_their_way.get(looks)
        if not alike:
            self._forget()
            return None
        if looks in self._taken or len(alike) > _LIKE:
            self._take_any(looks, alike)
            return None
        until_ns = one.end_ns + _LATE_NS
        found = [
            index
            for index, (_, put) in enumerate(alike)
            if put.start_ns <= until_ns and _alike(put, one)
        ]
        if not found:
            self._forget()
            return None
        if len(found) > 1:
            self._take_any(looks, alike)
            return None
        taken = alike[found[0]]
        del alike[found[0]]
        self._remembered -= 1
        if not alike:
            del self._on_their_way[looks]
        return taken

    def _take_any(self, looks: str | None, alike: deque[NumberedOperation]) -> None:
        self._taken[looks] = count = self._taken.get(looks, 0) + 1
        self._remembered -= 1
        if count >= len(alike):
            del self._on_their_way[looks], self._taken[looks]

    def _forget(self, until_ns: int | None = None) -> None:
        """What is on its way is not known; of what was put later than `until_ns` it still is."""
        self._known = False
        self._taken.clear()
        kept = {
            looks: deque(put for put in puts if until_ns is not None and put[1].start_ns > until_ns)
            for looks, puts in self._on_their_way.items()
        }
        self._on_their_way = {looks: puts for looks, puts in kept.items() if puts}
        self._remembered = sum(map(len, self._on_their_way.values()))

    def _step(self, one: Operation) -> int:
        """How many of these there were since the last one that we saw of its thread."""
        if not self._numbered:
            return 1
        key = (one.operation, (one.process, one.thread))
        before = self._ordinals.get(key, 0)
        self._ordinals[key] = one.argument
        return one.argument - before


def _alike(put: Operation, got: Operation) -> bool:
    """What is known of the two does not say that they are of different items."""
    return (put.bytes is None or got.bytes is None or put.bytes == got.bytes) and (
        put.preview is None or got.preview is None or put.preview == got.preview
    )
