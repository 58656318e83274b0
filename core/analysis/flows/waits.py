"""Who ended a wait: for a lock, an event, a condition; and who submitted a task.

 release     release   release        of a lock: the last one before the wait's end
    |           |         |           of a semaphore: the only one close to its end
----+--[ acquire waits ]--+---->      of an event: the first set within the wait
                                      of a condition: the only notify within the wait
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort

from ...vocabulary.kinds import ThreadKey
from ...vocabulary.operation import Operation
from .details import Gaps
from .order import NumberedOperation

_MOST = 4096  # causes of one object that are remembered
_MOST_OF_THREAD = 1024
_MOST_JOBS = 50_000
_LATE_NS = 5_000_000  # by which a cause may be noted later than its effect
_CLOSE_NS = 20_000_000  # within which a thread that may go on does go on


class _Recent:
    """The latest operations of one kind, by the time of their ends."""

    def __init__(self, most: int = _MOST) -> None:
        self.items: list[tuple[int, int, Operation]] = []
        self._most = most

    def add(self, number: int, one: Operation) -> None:
        """One more."""
        insort(self.items, (one.end_ns, number, one))
        if len(self.items) > self._most:
            del self.items[: self._most // 2]

    def between(self, start_ns: int, end_ns: int) -> tuple[int, int]:
        """The indices of the first one from `start_ns` on, and of the first one after `end_ns`."""
        return bisect_left(self.items, (start_ns,)), bisect_right(self.items, (end_ns + 1,))

    def at(self, index: int) -> NumberedOperation:
        """One of them."""
        return self.items[index][1:]


class Releases:
    """Of what one thread holds at a time. `gaps`: when acquires or releases are missing."""

    def __init__(self, gaps: Gaps) -> None:
        self._gaps = gaps
        self._acquires = _Recent()
        self._of_thread: dict[ThreadKey, _Recent] = {}

    def seen(self, number: int, one: Operation) -> None:
        """An acquire, whether it waited or not."""
        self._acquires.add(number, one)
        self._thread(one).add(number, one)

    def cause(self, number: int, one: Operation) -> None:
        """A release."""
        self._thread(one).add(number, one)

    def effect(self, one: Operation) -> NumberedOperation | None:
        """An acquire that waited: who let go."""
        index = bisect_left(self._acquires.items, (one.end_ns,)) - 1
        if index < 0:
            return None
        before = self._acquires.items[index]
        holder = before[2]
        if (holder.process, holder.thread) == (one.process, one.thread):
            return None
        own = self._thread(holder).items
        at = bisect_left(own, before[:2])
        found = None
        if at < len(own) and own[at][1] == before[1]:
            for later in own[at + 1 :]:
                if later[2].operation != "release":
                    break
                found = later  # of what was acquired several times, the last one counts
        if found is None or found[2].argument != holder.argument:
            return None  # somebody else let go, or what it had acquired several times is not free
        if found[2].end_ns < one.start_ns:
            return None  # it was free by then: what it waited for was a turn on the CPU
        until_ns = max(one.end_ns, found[2].end_ns)
        return None if self._gaps.overlap(holder.end_ns, until_ns) else found[1:]

    def _thread(self, one: Operation) -> _Recent:
        thread = (one.process, one.thread)
        recent = self._of_thread.get(thread)
        if recent is None:
            recent = self._of_thread[thread] = _Recent(_MOST_OF_THREAD)
        return recent


class Permits:
    """Of what several hold at a time: a semaphore."""

    def __init__(self, gaps: Gaps) -> None:
        self._gaps = gaps
        self._recent = _Recent()

    def cause(self, number: int, one: Operation) -> None:
        """A release."""
        self._recent.add(number, one)

    def effect(self, one: Operation) -> NumberedOperation | None:
        """An acquire that waited: who let go. It may be noted a little after it happened."""
        begin = max(one.start_ns, one.end_ns - _CLOSE_NS)
        first, behind = self._recent.between(begin, one.end_ns + _LATE_NS)
        if behind - first != 1 or self._gaps.overlap(begin, one.end_ns + _LATE_NS):
            return None
        found = self._recent.at(first)
        return None if _same_thread(found[1], one) else found


class Signals:
    """Sets of an Event, or notifies of a Condition. `first`: the first one within the wait ended
    it; else it must be the only one. `complete`: none of them lacks its row."""

    def __init__(self, first: bool, complete: bool) -> None:
        self._first = first
        self._complete = complete
        self._recent = _Recent()

    def cause(self, number: int, one: Operation) -> None:
        """A set or a notify."""
        self._recent.add(number, one)

    def effect(self, one: Operation) -> NumberedOperation | None:
        """A wait that was not in vain: who ended it."""
        first, behind = self._recent.between(one.start_ns, one.end_ns)
        if first == behind and self._first:  # noted a little after it happened
            behind = self._recent.between(one.start_ns, one.end_ns + _LATE_NS)[1]
        if not self._complete or behind == first or (behind - first > 1 and not self._first):
            return None
        found = self._recent.at(first)
        return None if _same_thread(found[1], one) else found


class Jobs:
    """Submits of a Pool, which have the number of their job. One may lead to many tasks."""

    def __init__(self) -> None:
        self._submitted: dict[int, NumberedOperation] = {}

    def cause(self, number: int, one: Operation) -> None:
        """A submit."""
        self._submitted[one.argument >> 32] = (number, one)
        if len(self._submitted) > _MOST_JOBS:
            del self._submitted[next(iter(self._submitted))]

    def effect(self, one: Operation) -> NumberedOperation | None:
        """A task: who submitted it."""
        found = self._submitted.get(one.argument >> 32)
        return found if found and found[1].start_ns <= one.end_ns else None


class Calls:
    """Submits of an executor. Those of older sessions have no numbers: the n-th of its one thread
    is work item n, from 0 on, if all are there (`complete`)."""

    def __init__(self, complete: bool) -> None:
        self._complete = complete
        self._submitted: dict[int, NumberedOperation] = {}
        self._count = 0
        self._numbered = False

    def cause(self, number: int, one: Operation) -> None:
        """A submit."""
        self._numbered = bool(one.argument)
        self._submitted[one.argument >> 32 if one.argument else self._count] = (number, one)
        self._count += 1
        if len(self._submitted) > _MOST_JOBS:
            del self._submitted[next(iter(self._submitted))]

    def effect(self, one: Operation) -> NumberedOperation | None:
        """A task: who submitted it."""
        if not (self._numbered or self._complete):
            return None
        which = one.argument >> 32 if self._numbered else one.argument
        found = self._submitted.pop(which, None)
        return found if found and found[1].start_ns <= one.end_ns else None


def _same_thread(one: Operation, other: Operation) -> bool:
    return one.process == other.process and one.thread == other.thread
