"""All shared objects of a session, by their number.

    ObjectCreated, ObjectState  --> apply() -->  ObjectChange(object, fields)
    ProcessDoing                --> apply()      since when its threads wait
    ProcessExited               --> apply()      until when; whether anybody is left to use it
    time that passes            --> tick()  -->  for the models that show the rows

As the process table, it forgives events that come twice or in the wrong order. How many
operations there are a second, and how long threads wait, is worked out here, from the totals of
successive states.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

import msgspec
from msgspec.structs import replace

from ..observe.session_clock import SessionClock
from ..session.open_waits import OpenWait, counts_with, waits_in
from ..translation import tr
from ..vocabulary.events import (
    Doing,
    Event,
    ObjectCreated,
    ObjectState,
    ProcessDoing,
    ProcessExited,
    ProcessStarted,
    SessionOpened,
    WorkerStarted,
)
from ..vocabulary.kinds import WORKING
from .change import ObjectChange
from .histories import SECONDS, ObjectHistory
from .object_row import ObjectRow, ObjectTotals, is_put_side

_WINDOW = 2_000_000_000  # ns over which operations are counted
_LEAST = 500_000_000  # ns: a younger object would be said to be very busy by its first operation
_FRESH = 400_000_000  # ns for which a state needs no correction
_LOST_WINDOW = 10_000_000_000  # ns over which lost time is counted


class _Mark(msgspec.Struct, frozen=True, gc=False):
    """The totals of an object at a time. They hold until the next mark."""

    time_ns: int
    inward: int
    outward: int


ALL_OBJECT_FIELDS = frozenset(ObjectRow.__struct_fields__)
_TICKING = ("inward", "outward", "put_wait_ns", "get_wait_ns", "lost_ns")
_STATE_FIELDS = ("counts", "depth", "holders", "waiters", *_TICKING)
_GETTERS: dict[tuple[str, ...], Callable[[ObjectRow], tuple[object, ...]]] = {
    names: attrgetter(*names) for names in (_TICKING, _STATE_FIELDS)
}
_NEVER = ObjectHistory()


class ObjectTable:
    """The shared objects of a session. Only the window's thread calls it."""

    def __init__(self) -> None:
        self._rows: dict[int, ObjectRow] = {}
        self._early: dict[int, ObjectState] = {}  # the last state of what was not yet created
        self._marks: dict[int, deque[_Mark]] = {}
        self._histories: dict[int, ObjectHistory] = {}
        self._doing: dict[int, tuple[Doing, ...]] = {}  # by process
        self.clock = SessionClock()  # of the session, once that has opened
        self._waiting: dict[int, dict[tuple[int, str], int]] = {}  # first seen when, ns
        self._warm: set[int] = set()  # objects whose figures change as time passes
        self._cut: dict[int, list[OpenWait]] = {}  # by object: waits that ends cut off
        self._workers: dict[int, int] = {}  # the worker of each process that has lived
        self._living: Counter[int] = Counter()  # processes, by worker
        self._ended: set[int] = set()  # processes
        self._over = False  # nothing moves any more, in all of the session

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[ObjectRow]:
        """The rows in the order in which they became known."""
        return iter(self._rows.values())

    def __contains__(self, number: object) -> bool:
        return number in self._rows

    def __getitem__(self, number: int) -> ObjectRow:
        return self._rows[number]

    def get(self, number: int) -> ObjectRow | None:
        """The row of an object, None when it is unknown."""
        return self._rows.get(number)

    @property
    def is_warm(self) -> bool:
        """Whether a tick may change anything."""
        return bool(self._warm)

    def phrase(self, number: int) -> str:
        """What to call an object within a sentence, also before it is known."""
        row = self._rows.get(number)
        return tr("object {number}", number=number) if row is None else row.phrase

    def history(self, number: int) -> ObjectHistory:
        """The last minute of an object; an empty one when nothing is known of it, as in a past
        session."""
        return self._histories.get(number, _NEVER)

    def rests(self, number: int) -> bool:
        """Whether the run that made it is over: nobody lives any more who could use it."""
        worker = self._workers.get(self._rows[number].creator)
        return self._over or (worker is not None and not self._living[worker])

    def recent_waits(self, number: int, now_ns: int) -> tuple[int, int, int]:
        """How long threads waited in the last minute to put and to get, and how long that minute
        was (ns): a younger object has had less."""
        row = self._rows[number]
        since = max(now_ns - SECONDS * 1_000_000_000, row.created_ns)
        history = self.history(number)
        put, get = history.waits_at(now_ns)
        put_before, get_before = history.waits_at(since)
        return max(0, put - put_before), max(0, get - get_before), max(0, now_ns - since)

    def apply(self, event: Event) -> ObjectChange | None:
        """Take in one event; says what changed, None when nothing did."""
        if isinstance(event, ObjectState):
            return self._apply_state(event)
        if isinstance(event, ObjectCreated):
            return self._apply_created(event)
        if isinstance(event, ProcessDoing):
            self._doing[event.process] = event.doing
        elif isinstance(event, (ProcessStarted, WorkerStarted)):
            self._belongs(event.process, event.worker)
        elif isinstance(event, ProcessExited):
            self._apply_exited(event)
        elif isinstance(event, SessionOpened):
            self.clock.offset_ns = event.clock_offset_ns
        return None

    def load(
        self,
        created: Iterable[ObjectCreated],
        states: Iterable[ObjectState],
        before: Iterable[ObjectState] | None = None,
    ) -> list[ObjectChange]:
        """Take in the objects of a past session and the last state of each, or what they were at a
        moment. Nothing moves there any more, so there are rates only if it is told what was two
        seconds `before`."""
        changes = []
        events: list[Event] = [*created, *states]
        for event in events:
            change = self.apply(event)
            if change is not None:
                changes.append(change)
        for kept in (self._marks, self._histories, self._waiting):
            kept.clear()
        self._warm.clear()
        self._over = True
        earlier = {state.object: state for state in before or ()}
        for number, row in self._rows.items():
            self._rows[number] = _at_rest(row, earlier.get(number), before is not None)
        return changes

    def tick(self, now_ns: int) -> list[ObjectChange]:
        """Time has passed until `now_ns` (Unix time): what is not used any more has lower rates,
        who waits has waited longer."""
        changes = []
        for number in list(self._warm):
            row = self._rows[number]
            if now_ns - row.state_ns < _FRESH:
                continue
            new = self._as_of(row, ObjectTotals.of(row), now_ns)
            fields = _difference(row, new, _TICKING)
            if fields:
                self._rows[number] = new
                changes.append(ObjectChange(number, fields))
        return changes

    def come_to_rest(self) -> list[ObjectChange]:
        """The session is over: nothing goes in or out any more, and what was lost is all that ever
        was."""
        changes = []
        self._over = True
        now_ns = self.clock.now_ns()
        for number, row in self._rows.items():
            new = self._as_of(row, ObjectTotals.of(row), now_ns)
            fields = _difference(row, new, _TICKING)
            if fields:
                self._rows[number] = new
                changes.append(ObjectChange(number, fields))
        return changes

    # -- one kind of event each ---------------------------------------------------------------

    def _apply_created(self, event: ObjectCreated) -> ObjectChange | None:
        number = event.object
        if number in self._rows:
            return None
        self._rows[number] = ObjectRow.from_event(event)
        self._marks[number] = deque((_Mark(event.time_ns, 0, 0),))
        history = self._histories[number] = ObjectHistory()
        history.note(event.time_ns, None, (0, 0), (0, 0), (0, 0))
        early = self._early.pop(number, None)
        if early is not None:
            self._apply_state(early)
        return ObjectChange(number, ALL_OBJECT_FIELDS)

    def _apply_state(self, event: ObjectState) -> ObjectChange | None:
        number = event.object
        row = self._rows.get(number)
        if row is None:
            early = self._early.get(number)
            if early is None or early.time_ns <= event.time_ns:
                self._early[number] = event
            return None
        if event.time_ns < row.state_ns:
            return None
        new = row.with_state(event)
        if number in self._cut:
            new = replace(new, counts=counts_with(new.counts, self._cut[number]))
        totals = ObjectTotals.of(new)
        went = totals.inward or 0, totals.outward or 0
        self._marks.setdefault(number, deque()).append(_Mark(event.time_ns, *went))
        waited = self._note(new, totals, event.time_ns)
        new = self._as_of(new, totals, event.time_ns, waited)
        self._rows[number] = new
        fields = _difference(row, new, _STATE_FIELDS)
        return ObjectChange(number, fields) if fields else None

    def _belongs(self, process: int, worker: int | None) -> None:
        """A process lives, below a worker."""
        if worker is not None and process not in self._ended and process not in self._workers:
            self._workers[process] = worker
            self._living[worker] += 1

    def _apply_exited(self, event: ProcessExited) -> None:
        """What it waited in until its end counts from now on, though no counter has it; and with
        the last of its run, all objects of that come to rest. The next tick tells both."""
        process = event.process
        if process in self._ended:
            return
        self._ended.add(process)
        self._doing.pop(process, None)
        for wait in waits_in(process, event.doing, event.time_ns):
            self._cut.setdefault(wait.object, []).append(wait)
            row = self._rows.get(wait.object)
            if row is not None:
                row = replace(row, counts=counts_with(row.counts, (wait,)))
                self._rows[row.number] = row
                self._note(row, ObjectTotals.of(row), max(event.time_ns, row.state_ns))
                self._warm.add(row.number)
        worker = self._workers.get(process)
        if worker is not None:
            self._living[worker] -= 1
            if not self._living[worker]:
                self._warm.update(
                    row.number
                    for row in self._rows.values()
                    if self._workers.get(row.creator) == worker
                )

    def _note(self, row: ObjectRow, totals: ObjectTotals, time_ns: int) -> tuple[int, int]:
        """Keep a sample of a row; returns how long threads have waited by then."""
        went = totals.inward or 0, totals.outward or 0
        waited, waiting = self._waits(row, totals, time_ns)
        history = self._histories.setdefault(row.number, ObjectHistory())
        history.note(time_ns, row.depth, went, waited, waiting, row.untaken)
        return waited

    def _waits(
        self, row: ObjectRow, totals: ObjectTotals, time_ns: int
    ) -> tuple[tuple[int, int], tuple[int, int]]:
        """How long threads have waited to put and to get by a time, what they wait then included;
        and how many wait. No counter has a wait before it is over."""
        waited = [totals.put_wait_ns, totals.get_wait_ns]
        waiting = [0, 0]
        waiters = [pair for pair in row.waiters if pair[0] not in self._ended]
        if not waiters:
            self._waiting.pop(row.number, None)
            return (waited[0], waited[1]), (0, 0)
        before = self._waiting.get(row.number, {})
        seen = {pair: before.get(pair, row.state_ns) for pair in waiters}
        self._waiting[row.number] = seen
        for pair, first_seen in seen.items():
            since, side = first_seen, None
            for doing in self._doing.get(pair[0], ()):
                if (
                    doing.object == row.number
                    and doing.thread == pair[1]
                    and doing.operation not in WORKING
                ):
                    since = doing.since_ns
                    side = 0 if is_put_side(doing.operation, row.type) else 1
            if side is None:
                side = 1 if row.depth == 0 else 0
            waited[side] += max(0, time_ns - since)
            waiting[side] += 1
        return (waited[0], waited[1]), (waiting[0], waiting[1])

    def _as_of(
        self,
        row: ObjectRow,
        totals: ObjectTotals,
        now_ns: int,
        waited: tuple[int, int] | None = None,
    ) -> ObjectRow:
        """The row with what went in and out within the window that ends at `now_ns`, and how long
        threads have waited by then (`waited`, if that is known)."""
        number = row.number
        marks, history = self._marks.get(number), self._histories.get(number)
        if not marks or history is None:
            return row
        since = now_ns - _WINDOW
        while len(marks) > 1 and marks[1].time_ns <= since:
            marks.popleft()
        first, last = marks[0], marks[-1]
        seconds = max(_LEAST, now_ns - max(first.time_ns, since)) / 1e9
        inward = max(0, last.inward - first.inward) / seconds
        outward = max(0, last.outward - first.outward) / seconds
        put, get = waited or history.waits_at(now_ns)
        lost = max(0, put + get - sum(history.waits_at(now_ns - _LOST_WINDOW)))
        if self.rests(number):
            inward = outward = 0.0
            lost = put + get
            moves = False
        else:
            moves = bool(inward or outward or lost or row.waiters)
        (self._warm.add if moves else self._warm.discard)(number)
        return replace(
            row,
            inward=None if totals.inward is None else inward,
            outward=None if totals.outward is None else outward,
            put_wait_ns=put,
            get_wait_ns=get,
            lost_ns=lost,
        )


def _at_rest(row: ObjectRow, before: ObjectState | None, rated: bool) -> ObjectRow:
    """The row of a past session; `rated`: its rates follow from the state two seconds before."""
    totals = ObjectTotals.of(row)
    inward = outward = None
    if rated:
        then = ObjectTotals.of(row.with_state(before)) if before is not None else None
        seconds = _WINDOW / 1e9
        if totals.inward is not None:
            inward = max(0, totals.inward - ((then and then.inward) or 0)) / seconds
        if totals.outward is not None:
            outward = max(0, totals.outward - ((then and then.outward) or 0)) / seconds
    return replace(
        row,
        inward=inward,
        outward=outward,
        put_wait_ns=totals.put_wait_ns,
        get_wait_ns=totals.get_wait_ns,
        lost_ns=totals.put_wait_ns + totals.get_wait_ns,
    )


def _difference(old: ObjectRow, new: ObjectRow, names: tuple[str, ...]) -> frozenset[str]:
    get = _GETTERS[names]
    before, after = get(old), get(new)
    if before == after:
        return frozenset()
    return frozenset(
        name for name, a, b in zip(names, before, after, strict=True) if a is not b and a != b
    )
