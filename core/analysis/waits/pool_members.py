"""The workers of a Pool: who is in a task, who idles, and whose task can never be finished.

    what its workers are in: idle, a task ...  --.
    who ever served it, and did tasks -----------+--> members_of() --> PoolMembers
    what they were in when they ended -----------'

Sessions of before do not know of idle workers: there, a child of its maker that is a pool's worker
and has done no task may be one of its own, or of another pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from ...vocabulary.events import OperationCount, Role
from ...vocabulary.kinds import kind_of

if TYPE_CHECKING:
    from ...store.doing import Deed
    from ...store.object_row import ObjectRow
    from ...store.objects import ObjectTable
    from ...store.process_row import ProcessRow
    from ...store.processes import ProcessTable

_AT_REST_NS = 1_000_000_000  # without any change: no task has ended meanwhile
_SERVING = ("task", "deliver", "idle", "initializer")  # what a worker is in, one of it at a time
AT_WORK = ("task", "deliver")
"""What a worker is in that has a task in hand."""
_FOR_RESULTS = ("wait", "join")


class Seen(Protocol):
    """What is known of a moment; see `situation`."""

    now_ns: int

    @property
    def objects(self) -> ObjectTable: ...
    @property
    def processes(self) -> ProcessTable: ...
    def deeds(self, process: int) -> tuple[Deed, ...]: ...
    def lives(self, process: int) -> bool: ...
    def users(self, number: int, operation: str) -> dict[int, OperationCount]: ...


class LostTask(NamedTuple):
    """A task in the middle of which its worker has ended: the process, the task's function and
    number ("" and 0 where unknown)."""

    process: int
    function: str
    number: int


class PoolMembers(msgspec.Struct, frozen=True):
    """See the module. All by number. `busy`: pairs (process, thread) of those in a task; `idle`:
    those in none; `lost`: tasks whose workers have ended in the middle of them, the last first,
    none if the pool itself was terminated;
    `ended`: all that have ended, the last first; `unstarted`: those of them that ended in their
    initializer, and `initializer`: its name; `unproven`: some of the idle may be another pool's;
    `tasks`: how many tasks each process has done; `submits`: how often something was submitted;
    `at_rest`: for a while, no task has ended; `deaf`: a result could not be read, which ended the
    thread that takes them in; `unreplaced`: a worker could not be replaced, which ended the thread
    that starts them."""

    busy: tuple[tuple[int, str], ...]
    idle: tuple[int, ...]
    lost: tuple[LostTask, ...]
    ended: tuple[int, ...]
    unstarted: tuple[int, ...]
    initializer: str
    unproven: bool
    tasks: dict[int, int]
    submits: int
    at_rest: bool
    deaf: bool
    unreplaced: bool

    def is_left_by(self, deed: Deed) -> bool:
        """Whether nobody is left to work for a wait for this pool, and nobody will be. The thread
        that starts workers is also what a join needs."""
        gone = self.unreplaced and not self.busy
        return gone and (deed.operation == "join" or not self.idle)

    def lost_of(self, deed: Deed) -> LostTask | None:
        """The task that a wait for this pool can never get the result of; None while all may come.

        A wait for a result has the number of what was submitted. A join waits for all results."""
        if deed.operation not in _FOR_RESULTS:
            return None
        for lost in self.lost:
            if lost.number and (deed.operation != "wait" or lost.number >> 32 == deed.number >> 32):
                return lost
        # Of sessions without numbers: where several things were submitted, it may be any of them.
        sure = self.lost and not self.busy and self.at_rest and self.submits == 1
        return self.lost[0] if sure and not self.lost[0].number else None


def members_of(situation: Seen, pool: ObjectRow) -> PoolMembers:
    """The workers of a pool as they were then."""
    tasks = _tasks(situation, pool.number)
    served = situation.users(pool.number, "idle")
    maker = _maker(situation, pool)
    others: set[int] = set()
    several = False
    for each in situation.objects:
        is_other = each.type == pool.type and each.number != pool.number
        if is_other and _maker(situation, each) == maker:
            several = True
            others.update(_tasks(situation, each.number))
    busy, idle, unproven = list[tuple[int, str]](), list[int](), False
    lost, ended = list[tuple[int, LostTask]](), list[tuple[int, int]]()
    unstarted, initializer = list[int](), ""
    made_by = situation.processes.get(pool.creator)
    run = None if made_by is None else made_by.worker
    for row in situation.processes:
        if run is not None and row.worker is not None and row.worker != run:
            continue
        deed = next((d for d in situation.deeds(row.number) if d.operation in _SERVING), None)
        if deed is not None and deed.object != pool.number:
            continue
        known = deed is not None or row.number in tasks or row.number in served
        if row.number in others or row.started_ns > situation.now_ns:
            continue
        if not known and (
            served or row.role is not kind_of(pool.type).worker or _parent(situation, row) != maker
        ):
            continue
        task = deed if deed is not None and deed.operation in AT_WORK else None
        over = row.ended_ns is not None and row.ended_ns <= situation.now_ns
        # Who was ended in a task, together with others, still counts among them; else not.
        if not situation.lives(row.number) or (over and task is None and row.signal is None):
            at = -(row.ended_ns or 0)
            ended.append((at, row.number))
            if task is not None and not _was_sent(task, row):
                lost.append((at, LostTask(row.number, task.text, task.number)))
            if deed is not None and deed.operation == "initializer":
                unstarted.append(row.number)
                initializer = deed.text
        elif task is not None:
            busy.append((row.number, task.thread))
        else:
            idle.append(row.number)
            unproven |= several and not known
    submits = sum(each.count for each in situation.users(pool.number, "submit").values())
    if lost and _is_terminated(situation, pool.number):
        lost.clear()
    changed = pool.state_ns or pool.created_ns
    unread = sum(each.errors for each in situation.users(pool.number, "result").values())
    return PoolMembers(
        tuple(busy),
        tuple(idle),
        tuple(task for _, task in sorted(lost)),
        tuple(number for _, number in sorted(ended)),
        tuple(unstarted),
        initializer,
        unproven,
        tasks,
        submits,
        situation.now_ns - changed >= _AT_REST_NS,
        unread > 0 and kind_of(pool.type).worker is Role.POOL_WORKER,
        any(each.errors for each in situation.users(pool.number, "replace").values()),
    )


def _was_sent(task: Deed, row: ProcessRow) -> bool:
    """A pool ends its workers when it has all results: the last one just then."""
    return task.operation == "deliver" and row.terminated_by is not None


def _is_terminated(situation: Seen, pool: int) -> bool:
    """Whether somebody has ended all its workers, and wants no result any more."""
    return bool(situation.users(pool, "terminate")) or any(
        deed.operation == "terminate" and deed.object == pool
        for row in situation.processes
        for deed in situation.deeds(row.number)
    )


def _tasks(situation: Seen, pool: int) -> dict[int, int]:
    return {
        process: each.count + each.errors for process, each in situation.users(pool, "task").items()
    }


def _maker(situation: Seen, pool: ObjectRow) -> int | None:
    """Who made it: never one of its own workers, though one of these may have told of it first."""
    row = situation.processes.get(pool.creator)
    if row is not None and row.role is Role.POOL_WORKER and kind_of(pool.type).worker is row.role:
        return _parent(situation, row)
    return pool.creator


def _parent(situation: Seen, row: ProcessRow) -> int | None:
    """Whose child it is; of one that a fork server forked, for whom."""
    above = None if row.parent is None else situation.processes.get(row.parent)
    if above is not None and above.role is Role.FORKSERVER:
        return above.parent
    return row.parent
