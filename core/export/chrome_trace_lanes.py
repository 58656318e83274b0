"""Lanes of a Chrome trace: a process is a `pid`, a thread a `tid`, and slices of a lane nest.

process 3, pid 4711              pid 4711             real, unless another one has it already
its life and its messages        tid 10000001         numbers that no kernel gives
MainThread                       tid 4711             as in the kernel
Thread-1                         tid 10000002
what would cut into MainThread   tid 10000003         "MainThread (2)"

nests:   [----[--]-[-]--]  [--]        does not: [----[---]
                                                      ----]
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import count

from ..session.records import ProcessRecord
from ..vocabulary.kinds import MAIN_THREAD

FIRST_FREE_NUMBER = 10_000_000  # above any pid: the kernel's limit is 2 ** 22
_REMEMBERED = 4096  # slices of a lane, those inside of others not counted
_MOST_LEVELS = 64  # lanes of one thread, of which it needs one as long as its name is its own


class TraceLane:
    """One lane. Slices come about in order of their ends; it remembers the outermost ones."""

    __slots__ = ("_ends", "_floor", "_starts", "below", "head", "level")

    def __init__(self, pid: int, tid: int, level: int = 1) -> None:
        self.head = f'"pid":{pid},"tid":{tid},'
        self.level = level
        self.below: TraceLane | None = None  # for what does not fit here
        self._starts, self._ends = array("q"), array("q")
        self._floor = 0  # what lies before is forgotten

    def place(self, start: int, end: int) -> int | None:
        """Take a slice that is longer than 0. Returns its start, which may have to move by 1 ns so
        that the outer of two comes first; None when it would cut into another."""
        starts, ends = self._starts, self._ends
        if not ends or start >= ends[-1]:
            if start < self._floor:
                return None
            starts.append(start)
            ends.append(end)
            if len(ends) > 2 * _REMEMBERED:
                self._floor = ends[_REMEMBERED - 1]
                del starts[:_REMEMBERED], ends[:_REMEMBERED]
            return start
        if start < self._floor:
            return None
        first = bisect_right(ends, start)
        if starts[first] >= end:  # it comes late, and fits between two
            starts.insert(first, start)
            ends.insert(first, end)
            return start
        behind = bisect_right(ends, end)
        if behind == first or starts[first] < start:
            return None
        if behind < len(starts) and starts[behind] < end:
            return None
        if starts[first] == start:
            start -= 1
            if start < self._floor or (first and ends[first - 1] > start):
                return None
        del starts[first:behind], ends[first:behind]
        starts.insert(first, start)
        ends.insert(first, end)
        return start


class Lanes:
    """All lanes of a session. `take_new` tells of those that were made since the last call."""

    def __init__(self, records: Iterable[ProcessRecord]) -> None:
        self._numbers = count(FIRST_FREE_NUMBER)
        self._pids: dict[int, int] = {}
        self._taken: set[int] = set()
        self._threads: dict[tuple[int, str], TraceLane] = {}
        self._lives: dict[int, TraceLane] = {}
        self._order: dict[int, int] = {}
        self._new: list[dict[str, object]] = []
        for record in records:
            last = record.changed or record.started
            self._add(record.started.process, record.started.pid, last.name, last.role.value)

    def pid(self, process: int) -> int:
        """The number that a process goes by: its pid, unless an earlier one has that."""
        if process not in self._pids:
            self._add(process, 0, f"process {process}", "")  # untranslated: in a file
        return self._pids[process]

    def extra_process(self, name: str) -> int:
        """The number of a "process" that only groups counters, above all others."""
        pid = next(self._numbers)
        self._tell(pid, None, "process_name", name=name)
        self._tell(pid, None, "process_sort_index", sort_index=0)
        return pid

    def life(self, process: int) -> TraceLane:
        """The lane of a process's life and messages."""
        lane = self._lives.get(process)
        if lane is None:
            name = "life and messages"  # untranslated: in a file
            lane = self._lives[process] = self._made(process, name)
        return lane

    def thread(self, process: int, name: str) -> TraceLane:
        """The lane of a thread."""
        lane = self._threads.get((process, name))
        if lane is None:
            tid = self.pid(process) if name == MAIN_THREAD else None
            lane = self._threads[process, name] = self._made(process, name or "unknown", tid)
        return lane

    def placed(self, process: int, name: str, start: int, end: int) -> tuple[TraceLane, int] | None:
        """The first lane of a thread that has room for this slice, and where it starts; None when
        there are too many."""
        lane = self._threads.get((process, name)) or self.thread(process, name)
        while True:
            at = lane.place(start, end)
            if at is not None:
                return lane, at
            if lane.below is None:
                if lane.level == _MOST_LEVELS:
                    return None
                level = lane.level + 1
                lane.below = self._made(process, f"{name or 'unknown'} ({level})", None, level)
            lane = lane.below

    def take_new(self) -> list[dict[str, object]]:
        """Metadata events of what is new."""
        new, self._new = self._new, []
        return new

    def _add(self, process: int, pid: int, name: str, role: str) -> None:
        shown = pid
        if pid <= 0 or pid in self._taken:
            shown = next(self._numbers)
            name = f"{name} (pid {pid}, used again)" if pid > 0 else name  # untranslated: in a file
        self._taken.add(shown)
        self._pids[process] = shown
        self._tell(shown, None, "process_name", name=name)
        self._tell(shown, None, "process_sort_index", sort_index=process)
        if role:
            self._tell(shown, None, "process_labels", labels=role)

    def _made(self, process: int, name: str, tid: int | None = None, level: int = 1) -> TraceLane:
        pid = self.pid(process)
        if tid is None:
            tid = next(self._numbers)
        order = self._order[process] = self._order.get(process, -1) + 1
        self._tell(pid, tid, "thread_name", name=name)
        self._tell(pid, tid, "thread_sort_index", sort_index=order)
        return TraceLane(pid, tid, level)

    def _tell(self, pid: int, tid: int | None, what: str, **arguments: object) -> None:
        # The format asks for a tid with all metadata; that of a process has none.
        tid = pid if tid is None else tid
        self._new.append({"ph": "M", "name": what, "pid": pid, "tid": tid, "args": arguments})
