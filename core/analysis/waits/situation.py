"""What is known of all processes and shared objects at one time, for questions about waiting.

    Store: rows, what threads are in, holders, depth --.
    counters of an object, read when asked ------------+--> Situation --> chain, inspection

The time is that of the store, or the end of a process: what it was in then is known as its last
words, and so is what others were in who ended along with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Protocol

from ...session.open_waits import OpenWait, waits_in
from ...store.doing import Deed, by_thread
from ...store.object_row import ObjectRow
from ...store.objects import ObjectTable
from ...store.process_row import ProcessRow
from ...store.processes import ProcessTable
from ...translation import tr
from ...vocabulary.events import SUSPENDED, OperationCount, Role
from ...vocabulary.kinds import INNER_LOCKS, PIPE, POPEN, STARTED, WORKING
from ..flows.details import pipe_peers
from .pool_members import PoolMembers, members_of

_INNER = frozenset(INNER_LOCKS.values())
_OF_PROCESSES = ("process", "popen")  # with the pids of parent and child
_SIDES, _COLONS = {"0": "1", "1": "0"}, 4  # of identities of pipes: "pipe:fd:DEV:INODE:SIDE"
_LOOKED_FOR_NS = 2_500_000_000
_TOGETHER_NS = 200_000_000  # processes that end within this time were ended together


class Facts(Protocol):
    """What is asked of a store, which says more of it: the tables as they stood at its time."""

    @property
    def processes(self) -> ProcessTable: ...
    @property
    def objects(self) -> ObjectTable: ...
    @property
    def moment_ns(self) -> int | None: ...
    def now_ns(self) -> int: ...
    def users_of(self, number: int) -> Iterable[tuple[int, OperationCount]]: ...


class Situation:
    """See the module. `end_ns`: the end of a process that all questions are about, Unix time; None:
    the store's own time. Raises SessionError where it reads counters."""

    def __init__(self, store: Facts, end_ns: int | None = None) -> None:
        self.store = store
        self.processes = store.processes
        self.objects = store.objects
        self.now_ns = store.now_ns() if end_ns is None else end_ns
        self._together_ns = 0 if end_ns is None else _TOGETHER_NS
        self._known: dict[int, dict[str, dict[int, OperationCount]]] = {}
        self._peers: dict[int, int] | None = None
        self._waits: dict[int, list[Deed]] = {}
        self._members: dict[int, PoolMembers] = {}

    def object(self, number: int) -> ObjectRow | None:
        """A shared object as it was then."""
        return self.objects.get(number)

    def lives(self, process: int) -> bool:
        """Whether it lived then. One that ended together with others lived as long as they did."""
        row = self.processes.get(process)
        if row is None or row.started_ns > self.now_ns:
            return False
        return row.ended_ns is None or row.ended_ns >= self.now_ns - self._together_ns

    def deeds(self, process: int) -> tuple[Deed, ...]:
        """What its threads were in then, calls that others lie within included."""
        row = self.processes.get(process)
        if row is None:
            return ()
        return tuple(deed for deed in row.doing if deed.since_ns <= self.now_ns)

    def waits(self, process: int) -> list[Deed]:
        """What its threads waited in, the main thread first."""
        known = self._waits.get(process)
        if known is None:
            innermost = by_thread(self.deeds(process))
            known = [deed for deed in innermost if deed.operation not in WORKING]
            self._waits[process] = known
        return known

    def open_waits(self, process: int) -> list[OpenWait]:
        """The waits of a process that go on now: no counter has them. Those that its end cut off
        are read along with its counters, and so are those of a moment in the past."""
        row = self.processes.get(process)
        if row is None or row.ended_ns is not None or self.store.moment_ns is not None:
            return []
        return waits_in(process, self.deeds(process), self.now_ns)

    def is_suspended(self, process: int) -> bool:
        """Whether it was suspended then, as far as its last sample tells."""
        row = self.processes.get(process)
        return row is not None and row.sampled_status in SUSPENDED

    @cached_property
    def inner_locks(self) -> dict[str, ObjectRow]:
        """The locks inside of queues and pools that are known, by identity."""
        return {row.identity: row for row in self.objects if row.type in _INNER}

    def members(self, pool: ObjectRow) -> PoolMembers:
        """The workers of a pool."""
        known = self._members.get(pool.number)
        if known is None:
            known = self._members[pool.number] = members_of(self, pool)
        return known

    def holders(self, number: int) -> list[tuple[int, str]]:
        """Who holds an object, as pairs (process, thread), the longest first."""
        row = self.object(number)
        found = list(row.holders) if row is not None else []
        known = {process for process, _ in found}
        for each in self.processes:
            if row is not None and each.number not in known and _kept(each, row):
                found.append((each.number, ""))
        return found

    def held_by(self, process: int) -> list[tuple[ObjectRow, str]]:
        """What a process holds: (object, thread)."""
        found = []
        row = self.processes.get(process)
        for each in self.objects:
            now = self.object(each.number) or each
            threads = [thread for holder, thread in now.holders if holder == process]
            if threads or (row is not None and _kept(row, now)):
                found.append((now, threads[0] if threads else ""))
        return found

    def users(self, number: int, operation: str) -> dict[int, OperationCount]:
        """Who has ever done this to an object, with the totals."""
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = {}
            for process, count in self.store.users_of(number):
                if process not in self.processes:
                    continue  # of a file that is damaged
                if count.count or count.errors or count.timeouts:
                    known.setdefault(count.operation, {})[process] = count
        return known.get(operation, {})

    def peer(self, number: int) -> int | None:
        """The other end of an end of a pipe or a connection, where it can be told."""
        row = self.objects.get(number)
        if row is not None and row.peer is not None:
            return row.peer
        if self._peers is None:
            by_identity = {row.identity: row.number for row in self.objects if row.type == PIPE}
            self._peers = pipe_peers(
                (row.number, row.creator, row.site, row.created_ns)
                for row in self.objects
                if row.type == PIPE
            )
            for identity, one in by_identity.items():  # those of one pipe differ in the last digit
                pipe, _, side = identity.rpartition(":")
                other = by_identity.get(f"{pipe}:{_SIDES.get(side)}")
                if other is not None and identity.count(":") == _COLONS:
                    self._peers[one] = other
        return self._peers.get(number)

    def openers(self, number: int, deed: Deed) -> tuple[int, ...] | None:
        """Who has an end of a pipe open for which `deed` waits; None where that is not known, since
        it is looked for only once somebody has waited for a while."""
        row = self.object(number)
        if row is None or row.open_in is None or deed.elapsed_ns(self.now_ns) < _LOOKED_FOR_NS:
            return None
        return row.open_in

    def is_single(self, process: int) -> bool:
        """Whether a process has one thread, as far as its last sample tells."""
        row = self.processes.get(process)
        return row is not None and row.sample is not None and row.sample.threads == 1

    def process_behind(self, number: int) -> int | None:
        """The process that an object of the type Process stands for, where it can be told."""
        made = self.objects.get(number)
        if made is None or made.type not in STARTED:
            return None
        kind, *pids = made.identity.split(":")
        if kind in _OF_PROCESSES and len(pids) == 2:
            same = [
                (abs(row.started_ns - made.created_ns), row.number)
                for row in self.processes
                if str(row.pid) == pids[1]
            ]
            return min(same)[1] if same else None
        if made.type == POPEN:  # any that this line started: the one that lives, or did last
            last = [
                (row.ended_ns is None, row.started_ns, row.number)
                for row in map(self.processes.__getitem__, self.processes.children(made.creator))
                if row.role is Role.OTHER and made.created_ns - _TOGETHER_NS <= row.started_ns
            ]
            return max(last)[2] if last else None
        for row in self.processes:
            if any(deed.operation == "run" and deed.object == number for deed in row.doing):
                return row.number
        # It has ended in order, or carries no recorder: the child of that name, started just then.
        alike = [
            (abs(row.started_ns - made.created_ns), row.number)
            for row in map(self.processes.__getitem__, self.processes.children(made.creator))
            if row.name == made.name
        ]
        return min(alike)[1] if alike else None


def _kept(row: ProcessRow, held: ObjectRow) -> bool:
    """Whether a process held an object when it ended, and nothing later says that it was given
    back since, as the user may have it."""
    return held.number in row.holding and held.state_ns <= (row.ended_ns or 0)


def who(row: ProcessRow | None, number: int) -> str:
    """What to call a process in a sentence: "worker-2 (4711)"."""
    if row is None:
        return tr("process {number}", number=number)
    return f"{row.label} ({row.pid})"


def how_it_ended(row: ProcessRow) -> str:
    """In a few words that follow its name: "was killed by SIGKILL"."""
    if row.lost:
        return tr("ended with the session")
    if row.terminated_by is not None:
        if row.signal == "SIGKILL":
            return tr("was killed by its parent")
        return tr("was terminated by its parent")
    if row.signal is not None:
        return tr("was killed by {signal}", signal=row.signal)
    if row.exit_code:
        return tr("ended with exit code {code}", code=row.exit_code)
    return tr("has ended")


def which_ended(row: ProcessRow | None, number: int) -> str:
    """Who, and how it ended: "worker-2 (4711), which was killed by SIGKILL"."""
    process = who(row, number)
    if row is None:
        return process
    if row.lost:
        return tr("{process}, which ended with the session", process=process)
    if row.terminated_by is not None:
        if row.signal == "SIGKILL":
            return tr("{process}, which was killed by its parent", process=process)
        return tr("{process}, which was terminated by its parent", process=process)
    if row.signal is not None:
        return tr("{process}, which was killed by {signal}", process=process, signal=row.signal)
    if row.exit_code:
        code = row.exit_code
        return tr("{process}, which ended with exit code {code}", process=process, code=code)
    return tr("{process}, which has ended", process=process)
