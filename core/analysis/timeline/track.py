"""The operations of one thread, in order of their starts, and how they look at any zoom.

    append(rows) --> start, duration, waited, kind, id: 22 bytes an operation
                '--> pyramid: about 1.5 bytes
    columns(window) <-- whole blocks where one is narrower than a column, else single operations

However many operations there are, a window touches some thousand blocks and operations. What a
column holds does not depend on where the window ends, and if columns are whole ns wide, not on
where it begins either: a picture may be moved by whole columns, and only the new ones painted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import spans
from .changes import Changes
from .growing import Array, Growing
from .kinds import Kinds
from .pyramid import FAN, Pyramid

_LONG = 1.5  # columns: from here on an operation is drawn from column to column
_GAP = 4.0  # columns: from here on it leaves one free before the next


@dataclass(frozen=True)
class Columns:
    """A window in columns. `waited`: the share of each column that was waiting, by family, 0 to 1
    (float, families x columns). `calls`: how many operations touch it, by family; long ones count
    in each of their columns. `wide`: the operations that are at least as long as was asked for, by
    place in the track, with their columns `left` to `right` (floats, may lie outside), counted
    from the beginning of the view."""

    waited: Array
    calls: Array
    wide: Array
    left: Array
    right: Array


class Track:
    """Operations that do not overlap, but for rare calls within a call. Times: Unix ns."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._start = Growing(np.int64)
        self._duration = Growing(np.uint32)
        self._waited = Growing(np.uint32)
        self._kind = Growing(np.uint16)
        self._id = Growing(np.uint32)
        self._pyramid = Pyramid(kinds.families)
        self._columns = (self._start, self._duration, self._waited, self._kind, self._id)
        self.changes = Changes()
        self.latest_end = 0  # of any operation, Unix ns

    def __len__(self) -> int:
        return self._start.size

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        return sum(column.nbytes for column in self._columns) + self._pyramid.nbytes

    def append(self, start: Array, end: Array, waited: Array, kind: Array, ids: Array) -> None:
        """More operations, sorted by their starts. They may belong among the last ones."""
        if not len(start):
            return
        first_new = min(len(self), int(np.searchsorted(self._start.values, start[0], "right")))
        late = first_new < len(self)
        new = (start, spans.packed(end - start), spans.packed(waited), kind, ids)
        if late:
            self._pyramid.cut(first_new)
            tails = [column.values[first_new:].copy() for column in self._columns]
            joined = [np.concatenate(pair) for pair in zip(tails, new, strict=True)]
            order = np.argsort(joined[0], kind="stable")
            new = tuple(part[order] for part in joined)  # type: ignore[assignment]
            for column in self._columns:
                column.cut(first_new)
        for column, values in zip(self._columns, new, strict=True):
            column.append(values)
        self._build()
        self.latest_end = max(self.latest_end, int(end.max()))
        self.changes.note(int(start[0]))

    def trim(self) -> None:
        """Give back what is to spare: nothing more comes for now."""
        for column in self._columns:
            column.trim()
        self._pyramid.trim()

    def _build(self) -> None:
        first = self._pyramid.covered
        if len(self) - first < FAN:
            return
        starts = self._start.values[first:]
        self._pyramid.grow(
            starts,
            starts + spans.unpacked(self._duration.values[first:]),
            spans.unpacked(self._waited.values[first:]),
            self._kinds.family[self._kind.values[first:]],
        )

    # -- looking at it ------------------------------------------------------------------------

    def start(self, place: int) -> int:
        """When the operation at this place began."""
        return int(self._start.values[place])

    def end(self, place: int) -> int:
        """When it was over."""
        return self.start(place) + int(spans.unpacked(self._duration.values[place : place + 1])[0])

    def waited(self, place: int) -> int:
        """How long it waited, ns; waiting comes first."""
        return int(spans.unpacked(self._waited.values[place : place + 1])[0])

    def kind(self, place: int) -> int:
        """Its kind, of Kinds."""
        return int(self._kind.values[place])

    def id(self, place: int) -> int:
        """Its id in the session."""
        return int(self._id.values[place])

    def last_end(self) -> int:
        """The end of the operation that began last; 0 without any."""
        return self.end(len(self) - 1) if len(self) else 0

    def columns(
        self, start_ns: int, column_ns: float, count: int, wide: float, first: int = 0
    ) -> Columns:
        """`count` columns of `column_ns` of the view that begins at `start_ns`, from its column
        `first` on. `wide`: from how many columns on an operation is told by itself."""
        families = self._kinds.families
        size = families * (count + 1)
        # A column more at either side: a block narrower than that is whole wherever it is seen.
        begin_ns = start_ns + int((first - 1) * column_ns) - 1
        end_ns = start_ns + int((first + count + 1) * column_ns) + 2
        blocks, places, starts, durations = self._within(begin_ns, end_ns, column_ns)
        waited, calls = self._block_columns(blocks, start_ns, column_ns, first, count)
        waits_ns = spans.unpacked(self._waited.values[places])
        since = starts - start_ns  # whole numbers as long as possible: they are exact
        left, right = since / column_ns, (since + durations) / column_ns
        lengths = durations / column_ns
        base = self._kinds.family[self._kind.values[places]].astype(np.int64) * (count + 1)
        long = lengths >= _LONG
        column = np.floor(left).astype(np.int64) - first
        short = ~long & (column >= 0) & (column < count)
        if short.any():
            at = base[short] + column[short]
            waited += np.bincount(at, waits_ns[short] / column_ns, size)
            calls += np.bincount(at, minlength=size)
        if long.any():
            base = base[long]
            last = _nearest(right[long]) - (lengths[long] >= _GAP)
            middle = np.minimum(_nearest((since + waits_ns)[long] / column_ns), last)
            a, b, c = (
                base + np.clip(edge - first, 0, count).astype(np.int64)
                for edge in (_nearest(left[long]), middle, last)
            )
            waited += _runs(a, b, size, count)
            calls += _runs(a, c, size, count)
        told = (lengths >= wide) & (right > first) & (left < first + count)
        return Columns(
            np.minimum(waited.reshape(families, -1)[:, :count], 1.0),
            calls.reshape(families, -1)[:, :count],
            places[told],
            left[told],
            right[told],
        )

    def totals(self, start_ns: int, end_ns: int) -> tuple[Array, Array]:
        """By family: how many operations lie at least in part in this span, and how many ns of it
        they waited (floats)."""
        families = self._kinds.families
        count: Array = np.zeros(families)
        waited: Array = np.zeros(families)
        blocks, places, starts, _ = self._within(start_ns, end_ns, float("inf"))
        for level, numbers in blocks:
            for family, held, counted in self._pyramid.levels[level].families():
                waited[family] += held[numbers].sum(dtype=np.float64)
                count[family] += counted[numbers].sum(dtype=np.float64)
        kinds = self._kinds.family[self._kind.values[places]]
        ends = starts + spans.unpacked(self._waited.values[places])
        inside = np.minimum(ends, end_ns) - np.maximum(starts, start_ns)
        count += np.bincount(kinds, minlength=families)
        waited += np.bincount(kinds, np.maximum(inside, 0), families)
        return count, waited

    def at(self, time_ns: int, tolerance_ns: int) -> tuple[int, int] | None:
        """(place, how many lie there): the operation at this time, the innermost; else the longest
        of those within the tolerance. None where there is none."""
        _, places, starts, durations = self._within(
            time_ns - tolerance_ns, time_ns + tolerance_ns + 1, 0.0
        )
        if not len(places):
            return None
        found = len(places)
        within = np.flatnonzero((starts <= time_ns) & (time_ns <= starts + durations))
        if len(within):
            return int(places[within[np.argmax(starts[within])]]), found
        return int(places[np.argmax(durations)]), found

    def place_of(self, start_ns: int, operation_id: int) -> int | None:
        """The place of the operation with this start and id."""
        place = int(np.searchsorted(self._start.values, start_ns))
        while place < len(self) and self.start(place) == start_ns:
            if self.id(place) == operation_id:
                return place
            place += 1
        return None

    def _block_columns(
        self,
        blocks: list[tuple[int, Array]],
        start_ns: int,
        column_ns: float,
        first: int,
        count: int,
    ) -> tuple[Array, Array]:
        """What whole blocks add to the columns, flat: each block counts where its middle is."""
        families = self._kinds.families
        width = count + 1
        waited: Array = np.zeros(families * width)
        calls: Array = np.zeros(families * width)
        parts: list[list[tuple[Array, Array, Array]]] = [[] for _ in range(families)]
        for place, numbers in blocks:
            level = self._pyramid.levels[place]
            middle = (level.start.values[numbers] + level.end.values[numbers]) // 2 - start_ns
            column = np.floor(middle / column_ns).astype(np.int64) - first
            seen = (column >= 0) & (column < count)
            column, numbers = column[seen], numbers[seen]
            for family, held, counted in level.families():
                parts[family].append((column, held[numbers], counted[numbers]))
        for family, found in enumerate(parts):
            if found:
                column, held, counted = (
                    found[0] if len(found) == 1 else map(np.concatenate, zip(*found, strict=True))
                )
                row = slice(family * width, (family + 1) * width)
                waited[row] = np.bincount(column, held, width)
                calls[row] = np.bincount(column, counted, width)
        waited /= column_ns
        return waited, calls

    def _within(
        self, start_ns: int, end_ns: int, column_ns: float
    ) -> tuple[list[tuple[int, Array]], Array, Array, Array]:
        """What to look at for a span: whole blocks inside of it that are no longer than a column,
        as (level, numbers), and for the rest the operations that touch it: their places, starts
        and durations."""
        starts = self._start.values
        stop = int(np.searchsorted(starts, end_ns))
        blocks = []
        levels = self._pyramid.levels
        chosen = np.empty(0, np.int64)
        done = 0  # operations before this one lie in blocks that were looked at
        for place in range(len(levels) - 1, -1, -1):
            level, size = levels[place], FAN ** (place + 1)
            last = min(len(level), stop // size)
            chosen = np.concatenate((chosen, np.arange(done // size, last)))
            done = max(done, last * size)
            if not len(chosen):
                continue
            first, ends = level.start.values[chosen], level.end.values[chosen]
            touched = ends > start_ns
            whole = touched & (ends - first <= column_ns) & (first >= start_ns) & (ends <= end_ns)
            if whole.any():
                blocks.append((place, chosen[whole]))
            finer = chosen[touched & ~whole]
            chosen = (finer[:, None] * FAN + np.arange(FAN)).ravel()
        places = np.concatenate((chosen, np.arange(done, stop)))
        begins = starts[places]
        durations = spans.unpacked(self._duration.values[places])
        touching = (begins >= start_ns) | (begins + durations > start_ns)
        if not touching.all():
            places, begins, durations = places[touching], begins[touching], durations[touching]
        return blocks, places, begins, durations


def _nearest(places: Array) -> Array:
    """To whole columns. Not np.rint: that takes a half to the even one, here up, there down."""
    found: Array = np.floor(places + 0.5)
    return found


def _runs(first: Array, last: Array, size: int, count: int) -> Array:
    """How many of the runs `first` to `last` (exclusive) cover each column."""
    steps = np.bincount(first, minlength=size) - np.bincount(last, minlength=size)
    return np.cumsum(steps.reshape(-1, count + 1), axis=1).ravel()
