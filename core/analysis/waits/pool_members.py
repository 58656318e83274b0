"""The workers of a Pool: who is in a task, who is in none, and whose task can never be finished.

    children of its maker that are pool workers --.
    their tasks, now and so far -------------------+--> members_of() --> PoolMembers
    what they were in when they ended ------------'

A worker that has done no task yet says of no pool that it belongs there; where its maker has
several pools, it may belong to any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

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


class PoolMembers(msgspec.Struct, frozen=True):
    """See the module. All by number. `busy`: pairs (process, thread) of those in a task; `idle`:
    those in none; `lost`: pairs (process, function) of those that ended in the middle of a task,
    the last first; `ended`: all that have ended, the last first; `unproven`: some of the idle may
    be another pool's; `tasks`: how many tasks each process has done; `submits`: how often something
    was submitted; `at_rest`: for a while, no task has ended."""

    busy: tuple[tuple[int, str], ...]
    idle: tuple[int, ...]
    lost: tuple[tuple[int, str], ...]
    ended: tuple[int, ...]
    unproven: bool
    tasks: dict[int, int]
    submits: int
    at_rest: bool

    @property
    def result_is_lost(self) -> bool:
        """Whether what was submitted can never be finished: one worker has ended in a task of it,
        and nobody is at work. Where several things were submitted, it may be any of them."""
        return bool(self.lost and not self.busy and self.at_rest and self.submits == 1)


def members_of(situation: Seen, pool: ObjectRow) -> PoolMembers:
    """The workers of a pool as they were then."""
    tasks = _tasks(situation, pool.number)
    maker = _maker(situation, pool)
    others: set[int] = set()
    several = False
    for each in situation.objects:
        is_other = each.type == pool.type and each.number != pool.number
        if is_other and _maker(situation, each) == maker:
            several = True
            others.update(_tasks(situation, each.number))
    busy, idle, unproven = list[tuple[int, str]](), list[int](), False
    lost, ended = list[tuple[int, int, str]](), list[tuple[int, int]]()
    for row in situation.processes:
        task = next((d for d in situation.deeds(row.number) if d.operation == "task"), None)
        if task is not None and task.object != pool.number:
            continue
        known = task is not None or row.number in tasks
        if row.number in others or row.started_ns > situation.now_ns:
            continue
        if not known and not (
            row.role is kind_of(pool.type).worker and _parent(situation, row) == maker
        ):
            continue
        over = row.ended_ns is not None and row.ended_ns <= situation.now_ns
        # Who was ended in a task, together with others, still counts among them; else not.
        if not situation.lives(row.number) or (over and task is None and row.signal is None):
            at = -(row.ended_ns or 0)
            ended.append((at, row.number))
            if task is not None:
                lost.append((at, row.number, task.text))
        elif task is not None:
            busy.append((row.number, task.thread))
        else:
            idle.append(row.number)
            unproven |= several and row.number not in tasks
    submits = sum(each.count for each in situation.users(pool.number, "submit").values())
    changed = pool.state_ns or pool.created_ns
    return PoolMembers(
        tuple(busy),
        tuple(idle),
        tuple((number, text) for _, number, text in sorted(lost)),
        tuple(number for _, number in sorted(ended)),
        unproven,
        tasks,
        submits,
        situation.now_ns - changed >= _AT_REST_NS,
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
