"""Operations as events of a trace: slices, and arrows between them.

operation --lane with room--> slice, unless it would be the 65th that overlaps
flow --slices of both ends--> an arrow, unless it would go back in time
"""

from __future__ import annotations

from ..analysis.flows.flows import CAUSES, EFFECTS, Flow
from ..analysis.flows.order import NumberedOperation
from ..vocabulary.events import Doing
from ..vocabulary.operation import Operation
from .chrome_trace_lanes import Lanes, TraceLane
from .chrome_trace_text import NANOSECONDS, Texts, quoted, stamp

_MOST_MOVED = 50_000
_TIP_NS = 20  # before the end of a wait its arrow arrives; what it enclosed was over by then


class OperationEvents:
    """Makes events; times count from `began_ns`. `omitted`: slices that found no room."""

    def __init__(self, lanes: Lanes, texts: Texts, began_ns: int) -> None:
        self.omitted = 0
        self._lanes = lanes
        self._texts = texts
        self._began_ns = began_ns
        self._flows = 0
        # Where slices were written that do not stand where their operations say; None: nowhere.
        self._moved: dict[int, tuple[TraceLane, int] | None] = {}

    def slices(self, piece: list[NumberedOperation]) -> list[str]:
        """The slices of these operations, which come in order of their ends."""
        began_ns = self._began_ns
        heads, tails, place = self._texts.heads, self._texts.tails, self._lanes.placed
        decimals = NANOSECONDS
        events: list[str] = []
        write = events.append
        for number, one in piece:
            start, end = one.start_ns - began_ns, one.end_ns - began_ns
            if start < 0:
                start = 0
            if end <= start:
                end = start + 1
            placed = place(one.process, one.thread, start, end)
            if placed is None:
                self.omitted += 1
                self._note_moved(number, one, None)
                continue
            lane, at = placed
            if at != start or lane.level > 1:
                self._note_moved(number, one, placed)
            took = end - at
            arguments = tails[one.outcome, one.site, one.text]
            if one.waited_ns:
                arguments += f',"waited_us":{stamp(one.waited_ns)}'
            if one.bytes is not None:
                arguments += f',"bytes":{one.bytes}'
            if one.preview is not None:
                arguments += f',"preview":{quoted(one.preview)}'
            write(
                f'{heads[one.operation, one.object, one.text]}{lane.head}"ts":{at // 1000}'
                f'{decimals[at % 1000]},"dur":{took // 1000}{decimals[took % 1000]},'
                f'"args":{{"id":{number}{arguments}}}}}'
            )
        return events

    def arrow(self, flow: Flow) -> str:
        """An arrow from the beginning of the cause to just before the end of the effect; "" when
        the cause was noted after that: readers drop an arrow that goes back in time."""
        cause, effect = flow.cause, flow.effect
        tail = self._slice_of(flow.cause_id, cause)
        tip = self._slice_of(flow.effect_id, effect)
        if tail is None or tip is None:
            return ""
        (lane, leaves), (target, start) = tail, tip
        end = max(start + 1, effect.end_ns - self._began_ns)
        if effect.operation == "task":
            arrives = max(start, leaves)
        else:
            arrives = max(leaves, start, end - max(1, min(_TIP_NS, (end - start) // 2)))
        if arrives >= end:
            return ""
        self._flows += 1
        name = f"{cause.operation} to {effect.operation}"  # untranslated: in a file
        name = f'"id":{self._flows},"name":"{name}","cat":"flow",'
        return (
            f',\n{{"ph":"s",{name}{lane.head}"ts":{stamp(leaves)}}}'
            f',\n{{"ph":"f","bp":"e",{name}{target.head}"ts":{stamp(arrives)}}}'
        )

    def unfinished(self, process: int, doing: Doing, end: int) -> str:
        """What a process was in when it ended, at `end`."""
        start = max(0, min(doing.since_ns - self._began_ns, end - 1))
        placed = self._lanes.placed(process, doing.thread, start, end)
        if placed is None:
            self.omitted += 1
            return ""
        lane, at = placed
        head = self._texts.heads[doing.operation, doing.object or 0, doing.text]
        tail = self._texts.tails["unfinished", doing.site, doing.text]
        return f'{head}{lane.head}"ts":{stamp(at)},"dur":{stamp(end - at)},"args":{{{tail[1:]}}}}}'

    def _slice_of(self, number: int, one: Operation) -> tuple[TraceLane, int] | None:
        """Where the slice of an operation begins; None: it has none."""
        if number in self._moved:
            return self._moved[number]
        return (
            self._lanes.thread(one.process, one.thread),
            max(0, one.start_ns - self._began_ns),
        )

    def _note_moved(self, number: int, one: Operation, to: tuple[TraceLane, int] | None) -> None:
        if one.operation in CAUSES or one.operation in EFFECTS:
            self._moved[number] = to
            if len(self._moved) > _MOST_MOVED:
                del self._moved[next(iter(self._moved))]
