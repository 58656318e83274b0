"""What is known of all processes and shared objects at one time, for questions about waiting.

    Store: rows, what threads are in, holders, depth --.
    counters of an object, read when asked ------------+--> Situation --> chain, inspection

The time is that of the store, or the end of a process: what it was in then is known as its last
words, and so is what others were in who ended along with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ...session.open_waits import OpenWait, waits_in
from ...store.doing import Deed, by_thread
from ...store.object_row import ObjectRow
from ...store.objects import ObjectTable
from ...store.process_row import ProcessRow
from ...store.processes import ProcessTable
from ...translation import tr
from ...vocabulary.events import SUSPENDED, OperationCount
from ...vocabulary.kinds import PIPE, PROCESS, WORKING
from ..flows.details import pipe_peers
from .pool_members import PoolMembers, members_of

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
            if number in each.holding and each.number not in known:
                found.append((each.number, ""))
        return found

    def held_by(self, process: int) -> list[tuple[ObjectRow, str]]:
        """What a process holds: (object, thread)."""
        found = []
        row = self.processes.get(process)
        last = () if row is None else row.holding
        for each in self.objects:
            now = self.object(each.number) or each
            threads = [thread for holder, thread in now.holders if holder == process]
            if threads or each.number in last:
                found.append((now, threads[0] if threads else ""))
        return found

    def users(self, number: int, operation: str) -> dict[int, OperationCount]:
        """Who has ever done this to an object, with the totals."""
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = {}
            for process, count in self.store.users_of(number):
                if count.count or count.errors or count.timeouts:
                    known.setdefault(count.operation, {})[process] = count
        return known.get(operation, {})

    def peer(self, number: int) -> int | None:
        """The other end of an end of a pipe, where it can be told."""
        if self._peers is None:
            self._peers = pipe_peers(
                (row.number, row.creator, row.site, row.created_ns)
                for row in self.objects
                if row.type == PIPE
            )
        return self._peers.get(number)

    def process_behind(self, number: int) -> int | None:
        """The process that an object of the type Process stands for, where it can be told."""
        made = self.objects.get(number)
        if made is None or made.type != PROCESS:
            return None
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
