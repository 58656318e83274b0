"""All objects that the processes of a session share: their numbers, their names, their states.

definition (identity) --> SharedObject, numbered --its creator is known, or 0.5 s--> announced
changes of counters   --> totals --at most 4 times a second--> ObjectState
                                 --at most once a second-----> its history, and the last one
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import islice
from operator import itemgetter

from msgspec.structs import replace

from ..observe.object_names import ObjectNames
from ..observe.recorder_layout import COUNT, ERRORS, ZERO, Counter, ObjectDefinition
from ..probe._spawnscope_probe.layout import CODE, UNSEEN
from ..session.records import OPERATION_ROW, OperationRow
from ..translation import tr
from ..vocabulary.events import ObjectCreated, ObjectState
from ..vocabulary.kinds import CONNECTION, INNER_LOCKS, POPEN, PROCESS, Form, Holding, kind_of
from ..vocabulary.operation import placed
from .broken_executors import BrokenExecutors
from .connection_ends import ConnectionEnds
from .journal import SessionJournal
from .known_process import KnownProcess
from .process_totals import ProcessTotals, Tally
from .recognition import named_process
from .shared_object import Holder, SharedObject

_CREATOR_SECONDS = 0.5  # how long the creator of an object may take to show up
_HISTORY_NS = 1_000_000_000  # between two rows of one object
_MOST_OBJECTS = 200_000
_MOST_STATES = 2000  # that are told at a time; the others come with the next
_MOST_HELD = 500  # objects that are told of one process at its end
_NO_NAMES = ("", "[0]", "[1]", UNSEEN)  # hints that are none
_PUT, _FEED = CODE["put"], CODE["feed"]
_OBJECT, _END_NS = OPERATION_ROW.index("object"), OPERATION_ROW.index("end_ns")


class SharedObjects:
    """See the module. `offset_ns`: from the monotonic clock to Unix time. `totals`: those of each
    process; `broken`: executors that broke; `text_id`: what stands for a text in rows."""

    def __init__(self, journal: SessionJournal, clock: Callable[[], int], offset_ns: int) -> None:
        self._journal = journal
        self._clock = clock
        self._offset_ns = offset_ns
        self._names = ObjectNames()
        self._parts: dict[str, str] = {}  # identity of a part: that of the object it belongs to
        self._by_identity: dict[str, SharedObject] = {}
        self._by_number: dict[int, SharedObject] = {}
        self._waiting: dict[int, ObjectCreated] = {}  # by number: what is not yet announced
        self._occurrences: dict[tuple[int, str, str], int] = defaultdict(int)
        self._processes: dict[int, SharedObject] = {}  # by pid, what stands for a process
        # By worker, the processes that are not watched and may use what the others share.
        self._unseen: dict[int | None, set[int]] = defaultdict(set)
        self.before_unknown: Callable[[KnownProcess], None] = lambda record: None
        self._pipes: dict[SharedObject, None] = {}
        # Locks inside of objects that nobody can give back: side -> who ended with it, its thread.
        self._taken: dict[SharedObject, dict[str, tuple[KnownProcess, str]]] = {}
        self._ends = ConnectionEnds()
        self._dirty: dict[SharedObject, None] = {}
        self._unkept: dict[SharedObject, ObjectState] = {}  # its history lacks this last state
        self._rows: list[OperationRow] = []
        self.broken = BrokenExecutors()
        self.totals = ProcessTotals(journal)
        self.text_id = journal.text_id

    def define(
        self, definition: ObjectDefinition, record: KnownProcess, now: float
    ) -> SharedObject | None:
        """The object that a process calls by this definition; None when there are too many."""
        if not definition.number:
            if len(self._parts) < _MOST_OBJECTS:
                self._parts[definition.identity] = definition.hint
            return None
        known = definition.identity in self._parts or definition.identity in self._by_identity
        if not known and not definition.created:
            self.before_unknown(record)  # who made it, or what it is a part of, has told of it
        identity = self._parts.get(definition.identity, definition.identity)
        shared = self._by_identity.get(identity)
        if shared is None:
            if len(self._by_identity) >= _MOST_OBJECTS:
                return None
            shared = SharedObject(len(self._by_identity) + 1, definition.type, identity)
            if kind_of(shared.type).form is Form.PIPE:
                self._pipes[shared] = None
                self._pair(shared)
            shared.due = now + _CREATOR_SECONDS
            self._by_identity[identity] = self._by_number[shared.number] = shared
            shared.worker, shared.unseen = record.worker, bool(self._unseen[record.worker])
            process = named_process(definition)
            if process is not None:
                self._processes[process.pid] = shared
        elif definition.created:
            shared.enders.clear()
            shared.status = None  # a process with the pid of an earlier one
        shared.foreign = shared.foreign or definition.hint == UNSEEN
        if shared.announced or (shared.number in self._waiting and not definition.created):
            return shared
        event = self._described(shared, definition, record)
        if definition.created:
            self._announce(shared, event)
        else:
            self._waiting[shared.number] = event
        return shared

    def _pair(self, end: SharedObject) -> None:
        """Of a connection: the end that is new, and the one that it belongs to."""
        other = self._ends.other(end) if end.type == CONNECTION else None
        if other is not None:
            end.peer, other.peer = other.number, end.number
            self._dirty[other] = None

    def announce(self, now: float | None = None) -> None:
        """Announce objects whose creators have not shown up until `now`; None: all."""
        for number, event in list(self._waiting.items()):
            shared = self._by_number[number]
            if now is None or shared.due <= now:
                self._announce(shared, event)

    @property
    def unannounced(self) -> bool:
        """Some object still waits for its creator."""
        return bool(self._waiting)

    def did(self, rows: list[OperationRow]) -> None:
        """Operations, to be written with the next `tell_operations`."""
        waiting = self._waiting
        if not waiting:
            self._rows += rows
            return
        for row in rows:
            if row[_OBJECT] in waiting:
                self._by_number[row[_OBJECT]].rows.append(row)
            else:
                self._rows.append(row)

    def count(self, shared: SharedObject, tally: Tally, delta: Counter, who: Holder) -> None:
        """A thread's counter of an operation has grown by `delta`."""
        shared.count(tally.operation, delta, who)
        self.totals.count(tally, delta)
        self._dirty[shared] = None

    def waits(self, shared: SharedObject, who: Holder, waiting: bool) -> None:
        """A thread begins to wait on an object, or does not any more."""
        if waiting:
            shared.waiters[who] = None
            self._show_taken(shared)
        else:
            shared.waiters.pop(who, None)
        self._dirty[shared] = None

    def waits_by_number(self, number: int, who: Holder, waiting: bool) -> None:
        """The same, of an object by its number."""
        shared = self._by_number.get(number)
        if shared is not None:
            self.waits(shared, who, waiting)

    def by_identity(self, identity: str) -> SharedObject | None:
        """What recorders know by this identity."""
        return self._by_identity.get(identity)

    def by_number(self, number: int) -> SharedObject | None:
        """What has this number."""
        return self._by_number.get(number)

    def gave_back(self, shared: SharedObject, process: int) -> None:
        """What a dead process held was given back for it."""
        shared.give_back(process)
        self._dirty[shared] = None

    def pipes(self) -> Iterable[SharedObject]:
        """All ends of pipes."""
        return self._pipes

    def pipes_waited_for(self) -> list[SharedObject]:
        """The ends of pipes that some thread waits in."""
        return [end for end in self._pipes if end.waiters]

    def opened(self, end: SharedObject, processes: tuple[int, ...] | None) -> None:
        """These processes have an end of a pipe open; None: that is not known any more."""
        if end.open_in != processes:
            end.open_in = processes
            self._dirty[end] = None

    def started(self, pid: int) -> SharedObject | None:
        """What stands for a process that subprocess started."""
        shared = self._processes.get(pid)
        return shared if shared is not None and shared.type == POPEN else None

    def sees(self, record: KnownProcess, seen: bool) -> None:
        """Whether a process is watched that may use what the others of its worker share."""
        processes = self._unseen[record.worker]
        if seen:
            processes.discard(record.number)
        else:
            processes.add(record.number)
        for shared in self._by_number.values():
            if shared.worker == record.worker and shared.unseen != bool(processes):
                shared.unseen = bool(processes)
                self._dirty[shared] = None

    def held_by(self, process: int) -> tuple[int, ...]:
        """The numbers of the objects that a process holds now, the first few hundred."""
        held = (
            shared.number
            for shared in self._by_number.values()
            if shared.balances and any(number == process for number, _ in shared.holders())
        )
        return tuple(islice(held, _MOST_HELD))

    def are_counted(self, numbers: Iterable[int]) -> bool:
        """Whether one of these objects may be held by several at a time."""
        held = (kind_of(self._by_number[number].type).holding for number in numbers)
        return Holding.SEVERAL in held

    def took_along(self, record: KnownProcess, shared: SharedObject, side: str, who: str) -> None:
        """A process has ended with the lock inside of an object that others need to `read` from it
        or to `write` to it. Once somebody else needs it, it is an object of its own."""
        taken = self._taken.setdefault(shared, {})
        taken[side] = (record, who)
        if kind_of(shared.type).is_pool or any(one != record.number for one, _ in shared.waiters):
            self._show_taken(shared)

    def _show_taken(self, shared: SharedObject) -> None:
        for side, (record, who) in self._taken.pop(shared, {}).items():
            self._show_lock(record, shared, side, who)

    def _show_lock(self, record: KnownProcess, shared: SharedObject, side: str, who: str) -> None:
        identity = f"lock:{side}:{shared.identity}"
        lock = self._by_identity.get(identity)
        if lock is None:
            if len(self._by_identity) >= _MOST_OBJECTS:
                return
            number = len(self._by_identity) + 1
            lock = SharedObject(number, INNER_LOCKS[side], identity)
            self._by_identity[identity] = self._by_number[number] = lock
            lock.worker = record.worker
            name = f"{lock.type} of {shared.name}"  # untranslated: a name
            event = ObjectCreated(
                object=number, process=record.number, time_ns=self._clock(), type=lock.type,
                name=name, site="", capacity=None, identity=identity,
            )  # fmt: skip
            self._announce(lock, event)
        lock.balances[record.number, who] = 1
        self._dirty[lock] = None

    def unsent_by(self, process: int) -> tuple[str, int] | None:
        """The queue into which a process has put most of what it has not sent: what it is called,
        and how many items; None if it has sent all."""
        done = self.totals.of(process)
        left = [
            (put[COUNT] - fed[COUNT] - fed[ERRORS], number)
            for (number, operation), put in done.items()
            if operation == _PUT and self._is_buffered(number)
            for fed in (done.get((number, _FEED), ZERO),)
        ]
        count, number = max(left, default=(0, 0))
        return (self.name(number), count) if count > 0 else None

    def _is_buffered(self, number: int) -> bool:
        shared = self._by_number.get(number)
        return shared is not None and kind_of(shared.type).buffered and not shared.foreign

    def ender(self, pid: int, operation: str) -> int | None:
        """The number of the process that did this, terminate or kill, to the process `pid`."""
        shared = self._processes.get(pid)
        return None if shared is None else shared.enders.get(operation)

    def of_process(self, pid: int) -> SharedObject | None:
        """What stands for the process `pid` where a library of processes has started it."""
        shared = self._processes.get(pid)
        return shared if shared is not None and shared.type == PROCESS else None

    def label(self, number: int) -> str:
        """What a person calls an object: "Lock results"."""
        shared = self._by_number.get(number)
        return shared.label if shared else tr("an object")

    def name(self, number: int) -> str:
        """Its name alone."""
        shared = self._by_number.get(number)
        return shared.name if shared else tr("an object")

    def tell_operations(self) -> None:
        """Write what was done since the last call, in order of time."""
        if self._rows:
            self._rows.sort(key=itemgetter(_END_NS))
            self._journal.operations(self._rows)
            self._rows = []

    def tell_states(self, everything: bool = False) -> None:
        """Tell the state of each object that has changed, a few thousand at a time, and keep those
        in the history whose turn it is; or all."""
        time_ns = self._clock()
        for shared in list(islice(self._dirty, None if everything else _MOST_STATES)):
            if not shared.announced:
                continue
            del self._dirty[shared]
            state = shared.state(time_ns)
            if shared.told is None or _differ(state, shared.told):
                shared.told = self._unkept[shared] = state
                self._journal.object_state(state)
        before = time_ns - _HISTORY_NS
        kept = [shared for shared in self._unkept if everything or shared.kept_ns <= before]
        if kept:
            for shared in kept:
                shared.kept_ns = time_ns
            self._journal.object_history([self._unkept.pop(shared) for shared in kept])

    def tell_totals(self, everything: bool = False) -> None:
        """Write the totals of each process that have changed, and their history when it is time;
        or all of it."""
        self.totals.tell(self._clock(), everything)

    def ended(self, process: int) -> None:
        """Write the totals of a process that has ended, and let go of them."""
        self.totals.ended(process, self._clock())

    def _described(
        self, shared: SharedObject, definition: ObjectDefinition, record: KnownProcess
    ) -> ObjectCreated:
        site, via = placed(definition.site)
        made_at = via or site  # where its name stands
        name = definition.hint
        otherwise = name if definition.type == POPEN else ""  # the program that it runs
        if otherwise or name in _NO_NAMES:
            key = (record.number, made_at, definition.type)
            end = int(name == "[1]")  # of a pipe
            if via and not otherwise:  # a person knows his own line, not the library's
                otherwise = f"{definition.type} at {os.path.basename(site)}"  # untranslated: a name
            name = self._names.name(
                definition.type, made_at, self._occurrences[key], end, otherwise
            )
            self._occurrences[key] += definition.created
        return ObjectCreated(
            object=shared.number,
            process=record.number,
            time_ns=definition.time_ns + self._offset_ns,
            type=definition.type,
            name=name,
            site=site,
            capacity=definition.capacity or None,
            identity=definition.identity,
            via=via,
        )

    def _announce(self, shared: SharedObject, event: ObjectCreated) -> None:
        self._waiting.pop(shared.number, None)
        shared.announced = True
        shared.type, shared.name, shared.capacity = event.type, event.name, event.capacity
        self._journal.object_created(event)
        self._rows += shared.rows
        shared.rows = []
        self._dirty[shared] = None


def _differ(one: ObjectState, other: ObjectState) -> bool:
    return replace(one, time_ns=other.time_ns) != other
