"""What the details of a session can prove.

Operations may have been counted only, so two that stand side by side in the session need not
have followed each other. Rows carry ordinals (the how many-th of its thread on its object), and
totals are exact; together they tell what is missing, and when.

    rows: 1 2 3 . . 6 7 . .       totals: 9
               |___|   |___ ...   gaps: nothing that rests on these times is certain
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import NamedTuple

from ...vocabulary.kinds import ThreadKey
from ...vocabulary.operation import Operation

_EVER = 1 << 62
_MOST_GAPS = 100_000  # of one object
# How a get fails without having taken an item.
HARMLESS = (
    "KeyboardInterrupt", "SystemExit", "EOFError", "OSError", "ValueError", "BrokenPipeError",
    "ConnectionResetError",
)  # fmt: skip
OK, ERROR = "ok", "error"


class Noted(NamedTuple):
    """Rows of one thread for one operation on one object. `rows`: those that succeeded; `lowest`
    and `highest` of their ordinals, 0: they have none; `harmless`: failed, and changed nothing."""

    rows: int
    lowest: int
    highest: int
    harmless: int


class Counted(NamedTuple):
    """Exact totals of one process for one operation on one object: `done` of them succeeded."""

    done: int
    errors: int


class Gaps:
    """Times in which details are missing, none of them touching the next."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, intervals: Iterable[tuple[int, int]]) -> None:
        """`intervals`: (from, to) in ns, in any order."""
        self._starts, self._ends = array("q"), array("q")
        for start, end in sorted(intervals):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __or__(self, other: Gaps) -> Gaps:
        """The times of both."""
        return Gaps(
            interval
            for gaps in (self, other)
            for interval in zip(gaps._starts, gaps._ends, strict=True)
        )

    def overlap(self, start_ns: int, end_ns: int) -> bool:
        """Whether anything is missing between these times."""
        index = bisect_right(self._starts, end_ns) - 1
        return index >= 0 and self._ends[index] >= start_ns

    def last_end(self, time_ns: int) -> int:
        """When the latest gap that began at `time_ns` or before is over."""
        index = bisect_right(self._starts, time_ns) - 1
        return self._ends[index] if index >= 0 else -_EVER


NONE = Gaps(())
EVERYWHERE = Gaps(((-_EVER, _EVER),))

ObjectOperation = tuple[int, str]
"""The number of an object, and an operation."""


class Details:
    """See the module. `noted` and `counted`: by object and operation, then by thread or process;
    `rows_of`: all that is known of an object, in order of ends; asked only where details are
    missing."""

    def __init__(
        self,
        noted: dict[ObjectOperation, dict[ThreadKey, Noted]],
        counted: dict[ObjectOperation, dict[int, Counted]],
        rows_of: Callable[[int], Iterable[Operation]],
        whole: bool = True,
    ) -> None:
        """`whole`: the rows are all there are of these objects, not only those near a moment."""
        self._noted = noted
        self._counted = counted
        self._rows_of = rows_of
        self._whole = whole

    def complete(self, number: int, operation: str) -> bool:
        """Each such operation on the object has its row."""
        rows: dict[int, int] = {}
        for (process, _), noted in self._noted.get((number, operation), {}).items():
            if noted.lowest > 1 or (noted.highest and noted.highest != noted.rows):
                return False
            rows[process] = rows.get(process, 0) + noted.rows
        counted = self._counted.get((number, operation), {})
        if rows and not counted and not self.numbered(number, operation):
            return False  # so young that no totals were written yet
        return all(rows.get(process, 0) >= total.done for process, total in counted.items())

    def alone(self, number: int, operation: str) -> bool:
        """As far as is known, one thread alone did this to the object."""
        noted = self._noted.get((number, operation), {})
        active = {thread: rows for thread, rows in noted.items() if rows.rows}
        if len(active) != 1:
            return False
        ((process, _), rows) = next(iter(active.items()))
        # Two threads of the same name give the same ordinals.
        if rows.highest and rows.rows > rows.highest - rows.lowest + 1:
            return False
        counted = self._counted.get((number, operation), {})
        return not any(total.done for other, total in counted.items() if other != process)

    def numbered(self, number: int, operation: str) -> bool:
        """All its rows have ordinals."""
        noted = self._noted.get((number, operation), {})
        return all(rows.lowest > 0 for rows in noted.values() if rows.rows)

    def spoiled(self, number: int, operation: str) -> bool:
        """Some of these failed in a way that may have changed the object all the same."""
        counted = self._counted.get((number, operation), {})
        failed = sum(total.errors for total in counted.values())
        noted = self._noted.get((number, operation), {})
        return failed > sum(rows.harmless for rows in noted.values())

    def gaps(self, number: int, *operations: str) -> Gaps:
        """When some of these operations on the object may have happened without having a row."""
        if all(self.complete(number, operation) for operation in operations):
            return NONE
        found: list[tuple[int, int]] = []
        last: dict[tuple[str, ThreadKey], tuple[int, int]] = {}
        for one in self._rows_of(number):
            if one.operation not in operations or one.outcome != OK:
                continue
            if not one.argument:
                return EVERYWHERE
            key = (one.operation, (one.process, one.thread))
            before, since_ns = last.get(key, (0, -_EVER))
            if one.argument != before + 1:
                found.append((since_ns, one.end_ns))
                if len(found) > _MOST_GAPS:
                    return EVERYWHERE
            last[key] = (one.argument, one.end_ns)
        reached: dict[tuple[str, int], int] = {}
        for (operation, (process, _)), (ordinal, _) in last.items():
            reached[operation, process] = reached.get((operation, process), 0) + ordinal
        for (operation, (process, _)), (_, end_ns) in last.items():
            total = self._counted.get((number, operation), {}).get(process)
            if total is None or reached[operation, process] != total.done:
                found.append((end_ns, _EVER))
        for operation in operations:
            for process, total in self._counted.get((number, operation), {}).items():
                if total.done and (operation, process) not in reached:
                    return EVERYWHERE
        return Gaps(found)

    def gaps_between(self, source: int, cause: str, target: int, effect: str) -> Gaps:
        """The same for items that are put into `source` and got from `target`. Near a moment,
        nobody knows what was on its way before."""
        if not self._whole:
            return EVERYWHERE
        gaps = self.gaps(source, cause)
        return gaps | self.gaps(target, effect)


def noted_in(rows: Iterable[Operation]) -> dict[ObjectOperation, dict[ThreadKey, Noted]]:
    """What these rows show."""
    found: dict[ObjectOperation, dict[ThreadKey, Noted]] = {}
    for one in rows:
        threads = found.setdefault((one.object, one.operation), {})
        thread = (one.process, one.thread)
        count, lowest, highest, harmless = threads.get(thread, (0, _EVER, 0, 0))
        if one.outcome == OK:
            count += 1
            lowest, highest = min(lowest, one.argument), max(highest, one.argument)
        elif one.outcome == ERROR and one.preview in HARMLESS:
            harmless += 1
        threads[thread] = Noted(count, lowest, highest, harmless)
    return found


def pipe_peers(objects: Iterable[tuple[int, int, str, int]]) -> dict[int, int]:
    """The other end of each end of a pipe, where it can be told. `objects`: (number, creator, site,
    time) of all ends: the two of one call are made by the same line, one right after the other."""
    groups: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for number, process, site, time_ns in objects:
        groups.setdefault((process, site), []).append((time_ns, number))
    peers: dict[int, int] = {}
    for ends in groups.values():
        if len(ends) % 2 == 0:
            numbers = [number for _, number in sorted(ends)]
            for one, other in list(pairwise(numbers))[::2]:
                peers[one], peers[other] = other, one
    return peers
