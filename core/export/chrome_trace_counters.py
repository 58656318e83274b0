"""How many items are in each queue, as counters of a trace.

nothing is missing --> puts and gets, one by one (at most 1,000 values a second)
something is       --> the states that the supervisor noted, a few times a second
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..analysis.flows.details import Details
from ..analysis.flows.order import NumberedOperation
from ..session.reader import SessionReader
from ..vocabulary.events import ObjectCreated
from ..vocabulary.kinds import Form, kind_of
from .chrome_trace_text import quoted, stamp

_STEPS = {"put": 1, "get": -1}
_APART_NS = 1_000_000
_POINTS = 20_000  # of one queue, at the most


class _Depth:
    __slots__ = ("depth", "head", "told_ns", "waiting_ns")

    def __init__(self, head: str) -> None:
        self.head = head
        self.depth = 0
        self.told_ns = -_APART_NS
        self.waiting_ns = -1  # since when there is a value that was not told; -1: there is none

    def event(self, time_ns: int) -> str:
        """What it is now."""
        self.told_ns = max(time_ns, self.told_ns)
        self.waiting_ns = -1
        return f'{self.head}"ts":{stamp(self.told_ns)},"args":{{"items":{max(0, self.depth)}}}}}'


class Depths:
    """The counters of all queues. `pid`: the "process" that they stand in."""

    def __init__(
        self, objects: Iterable[ObjectCreated], details: Details, began_ns: int, pid: int
    ) -> None:
        self._began_ns = began_ns
        self._depths: dict[int, _Depth] = {}
        self._others: dict[int, str] = {}
        for made in objects:
            number, head = made.object, _head(made, pid)
            if kind_of(made.type).form is not Form.QUEUE:
                continue
            if (
                details.complete(number, "put")
                and details.complete(number, "get")
                and not details.spoiled(number, "feed")
                and not details.spoiled(number, "get")
            ):
                self._depths[number] = _Depth(head)
            else:
                self._others[number] = head

    def feed(self, numbered: Iterable[NumberedOperation]) -> Iterator[str]:
        """The next operations, in order of their ends; events."""
        depths, began_ns = self._depths, self._began_ns
        for _, one in numbered:
            step = _STEPS.get(one.operation)
            if step is None or one.outcome != "ok":
                continue
            depth = depths.get(one.object)
            if depth is None:
                continue
            now = max(0, one.end_ns - began_ns)
            if 0 <= depth.waiting_ns < now - _APART_NS:
                yield depth.event(depth.waiting_ns)
            depth.depth += step
            if now - depth.told_ns >= _APART_NS:
                yield depth.event(now)
            else:
                depth.waiting_ns = now

    def finish(self) -> Iterator[str]:
        """The last values."""
        for depth in self._depths.values():
            if depth.waiting_ns >= 0:
                yield depth.event(depth.waiting_ns)

    def noted(self, reader: SessionReader) -> Iterator[str]:
        """The states of all other queues, as far as the session has a history."""
        began_ns, end_ns = reader.span()
        for number, head in self._others.items():
            depth = _Depth(head)
            for time_ns, items, _, _ in reader.history.series(number, began_ns, end_ns, _POINTS):
                if items is not None and items != depth.depth:
                    depth.depth = items
                    yield depth.event(max(0, time_ns - self._began_ns))


def _head(made: ObjectCreated, pid: int) -> str:
    """The beginning of a counter event. Two queues may have the same name, but no counters may."""
    name = f"depth of {made.name} #{made.object}"  # untranslated: in a file
    return f',\n{{"ph":"C","name":{quoted(name)},"cat":"depth","pid":{pid},"tid":{pid},'
