"""Blocks of operations, and blocks of blocks: what is drawn where a column holds many.

    operations  . . . . . . . . . . . . . . . .  . . . . . . . .     sixteen make a block:
    level 0     [ start, end, waited and count by family ][ ...        sixteen of these again:
    level 1     [ start, end, waited and count by family ...             and so on

A block is as long as from the start of its first operation to the last of their ends.
"""

from __future__ import annotations

import numpy as np

from .growing import Array, Growing

FAN = 16


class PyramidLevel:
    """The whole blocks of one size. `waited[f]` (ns, float32) and `count[f]` are columns by
    family, None as long as no operation of that family came."""

    __slots__ = ("_counting", "count", "end", "start", "waited")

    def __init__(self, families: int, place: int) -> None:
        self.start = Growing(np.int64)
        self.end = Growing(np.int64)
        self.waited: list[Growing | None] = [None] * families
        self.count: list[Growing | None] = [None] * families
        self._counting = np.uint8 if place == 0 else np.uint32  # a block of level 0: 16 at most

    def __len__(self) -> int:
        return self.end.size

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        return sum(column.nbytes for column in self._columns())

    def append(
        self,
        starts: Array,
        ends: Array,
        waited: list[Array | None],
        count: list[Array | None],
    ) -> None:
        """More blocks: a start and an end each, and by family what they hold (None: nothing)."""
        before, new = self.end.size, len(ends)
        for family, (spans, counts) in enumerate(zip(waited, count, strict=True)):
            held, counted = self.waited[family], self.count[family]
            if held is None or counted is None:
                if spans is None:
                    continue
                held = self.waited[family] = Growing(np.float32, before)
                counted = self.count[family] = Growing(self._counting, before)
            held.append(np.zeros(new, np.float32) if spans is None else spans)
            counted.append(np.zeros(new, np.uint8) if counts is None else counts)
        self.start.append(starts)
        self.end.append(ends)

    def families(self) -> list[tuple[int, Array, Array]]:
        """(family, waited, count) of each family that occurs."""
        pairs = enumerate(zip(self.waited, self.count, strict=True))
        return [
            (family, held.values, counted.values)
            for family, (held, counted) in pairs
            if held is not None and counted is not None
        ]

    def cut(self, size: int) -> None:
        """Keep the first `size` blocks."""
        for column in self._columns():
            column.cut(size)

    def trim(self) -> None:
        """Give back what is to spare."""
        for column in self._columns():
            column.trim()

    def _columns(self) -> list[Growing]:
        columns = (self.start, self.end, *self.waited, *self.count)
        return [column for column in columns if column is not None]


class Pyramid:
    """The levels above the operations of one track."""

    def __init__(self, families: int) -> None:
        self._families = families
        self.levels: list[PyramidLevel] = []

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        return sum(level.nbytes for level in self.levels)

    @property
    def covered(self) -> int:
        """How many operations lie in whole blocks of the lowest level."""
        return len(self.levels[0]) * FAN if self.levels else 0

    def cut(self, operations: int) -> None:
        """What lies at or behind this operation may have changed: forget the blocks with it."""
        for place, level in enumerate(self.levels):
            level.cut(operations // FAN ** (place + 1))

    def trim(self) -> None:
        """Give back what is to spare."""
        for level in self.levels:
            level.trim()

    def grow(self, starts: Array, ends: Array, waited: Array, families: Array) -> None:
        """Take in the operations behind `covered`: when they were, how long they waited, and their
        families. Those that do not fill a block stay outside."""
        blocks = len(ends) // FAN
        if not blocks:
            return
        shape = (blocks, FAN)
        whole = blocks * FAN
        spans, kinds = waited[:whole].reshape(shape), families[:whole].reshape(shape)
        sums: list[Array | None] = [None] * self._families
        counts: list[Array | None] = [None] * self._families
        for family in np.flatnonzero(np.bincount(kinds.ravel(), minlength=self._families)):
            chosen = kinds == family
            sums[family] = np.where(chosen, spans, 0).sum(axis=1)
            counts[family] = chosen.sum(axis=1)
        last = ends[:whole].reshape(shape).max(axis=1)
        self._level(0).append(starts[:whole:FAN], last, sums, counts)
        place = 0
        while self._raise(place):
            place += 1

    def _level(self, place: int) -> PyramidLevel:
        while len(self.levels) <= place:
            self.levels.append(PyramidLevel(self._families, len(self.levels)))
        return self.levels[place]

    def _raise(self, place: int) -> bool:
        """Make blocks of the blocks at `place`; False when there are not enough of them."""
        below = self.levels[place]
        if len(below) < FAN:
            return False
        above = self._level(place + 1)
        first, last = len(above) * FAN, len(below) // FAN * FAN
        if first == last:
            return False

        def merged(column: Growing | None) -> Array | None:
            if column is None:
                return None
            sums: Array = column.values[first:last].reshape(-1, FAN).sum(axis=1, dtype=np.float64)
            return sums

        above.append(
            below.start.values[first:last:FAN],
            below.end.values[first:last].reshape(-1, FAN).max(axis=1),
            [merged(column) for column in below.waited],
            [merged(column) for column in below.count],
        )
        return True
