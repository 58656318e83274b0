"""Who could end a wait, by what is waited in: whoever holds the lock, puts into the queue ...

acquire lock --> its holders           recv --> who uses the other end of the pipe
get   queue  --> who puts into it      wait event --> who sets it
put   queue  --> who gets from it      join process --> that process
wait  pool   --> who is in one of its tasks, else its workers, and those that took a task along
"""

from __future__ import annotations

import msgspec

from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...vocabulary.events import Role
from ...vocabulary.kinds import STARTED, Relation, called, kind_of
from .situation import Situation

_KEPT_LOCKS = frozenset(("Manager.Lock", "Manager.RLock"))
_KEPT_QUEUES = frozenset(("Manager.Queue", "Manager.JoinableQueue"))
_WAITS_THERE_NS = 1_000_000_000  # a call that takes longer waits for more than its answer
THROUGH_PIPES = frozenset(("recv", "poll", "send", "read", "write"))
"""Operations on an end of a pipe that can wait."""


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """One who could end a wait. `thread`: the one that could, "" when any of its process may;
    `count`: how often it did so before."""

    process: int
    relation: Relation
    thread: str = ""
    count: int = 0


def candidates(situation: Situation, process: int, deed: Deed) -> list[Candidate]:
    """Who could end the wait of a process in `deed`; most likely first. Empty when nobody is known
    to be able to."""
    row = None if deed.object is None else situation.object(deed.object)
    if row is None:
        return []
    kind = kind_of(row.type)
    if deed.operation == "acquire":
        holders = situation.holders(row.number)
        if holders or deed.operation not in kind.ended_by:
            return [Candidate(holder, Relation.HOLDS, thread) for holder, thread in holders]
        # A semaphore that nobody holds is one that others release, as a signal.
    if row.type in STARTED:
        target = situation.process_behind(row.number)
        return [] if target is None else [Candidate(target, Relation.RUNS)]
    if kind.is_pool:
        return _workers(situation, row)
    if deed.operation in THROUGH_PIPES:
        return _other_end(situation, process, row, deed)
    if deed.operation == "call":
        return _through_proxies(situation, process, row, deed) or servers_of(situation, row)
    if deed.operation == "accept":
        return []  # anybody may come
    relation, operation = kind.ended_by.get(deed.operation, (Relation.MADE, ""))
    found = _used(situation, row.number, relation, operation)
    if relation is Relation.ARRIVES:  # who is there waits like this one
        here = {number for number, _ in row.waiters} | {process}
        found = [each for each in found if each.process not in here]
    first = relation in (Relation.ACCEPTS, Relation.PUTS, Relation.SETS, Relation.NOTIFIES)
    if first and not found and row.creator != process:
        # Nobody has done so yet. Whoever made it is the most likely one to come.
        found = [Candidate(row.creator, Relation.MADE)]
    return found


def _used(situation: Situation, number: int, relation: Relation, operation: str) -> list[Candidate]:
    found = [
        Candidate(process, relation, "", count.count)
        for process, count in situation.users(number, operation).items()
    ]
    found.sort(key=lambda each: (not situation.lives(each.process), -each.count, each.process))
    return found


def _other_end(situation: Situation, process: int, row: ObjectRow, deed: Deed) -> list[Candidate]:
    """Those who have it open, where somebody has looked; else those who are known to use it."""
    peer = situation.peer(row.number)
    if peer is None:
        return []
    answer = "recv" if deed.operation in ("send", "write") else "send"
    found: dict[int, Candidate] = {}
    for each in _used(situation, peer, Relation.OTHER_END, answer):
        found[each.process] = each
    openers = situation.openers(peer, deed)
    if openers is not None:
        having = [found.get(each, Candidate(each, Relation.OTHER_END)) for each in openers]
        having.sort(key=lambda each: (each.process == process, -each.count))
        return having
    for other in ("send", "recv", "poll"):  # a user of that end, if only in the other direction
        for number in situation.users(peer, other):
            found.setdefault(number, Candidate(number, Relation.OTHER_END))
    for each_row in situation.processes:
        if any(deed.object == peer for deed in situation.deeds(each_row.number)):
            found.setdefault(each_row.number, Candidate(each_row.number, Relation.OTHER_END))
    if not found and row.creator != process:
        return [Candidate(row.creator, Relation.MADE)]
    return [each for each in found.values() if each.process != process or len(found) == 1]


def _workers(situation: Situation, row: ObjectRow) -> list[Candidate]:
    """Those in a task first. Who ended in order is replaced by another one, and does not matter."""
    members = situation.members(row)
    done = members.tasks
    found = [
        Candidate(number, Relation.WORKS, thread, done.get(number, 0))
        for number, thread in members.busy
    ]
    found += [
        Candidate(number, Relation.BELONGS, "", done.get(number, 0)) for number in members.idle
    ]
    found += [Candidate(task.process, Relation.LOST) for task in members.lost]
    return found


def _through_proxies(
    situation: Situation, process: int, row: ObjectRow, deed: Deed
) -> list[Candidate]:
    """Of a call that waits in what a manager keeps: who holds that lock, or brings what is waited
    for, by their calls. Empty where that is not known."""
    if deed.elapsed_ns(situation.now_ns) < _WAITS_THERE_NS:
        return []
    if row.type in _KEPT_LOCKS and deed.text == "acquire":
        back = situation.users(row.number, called("release"))
        return [
            Candidate(each, Relation.HOLDS)
            for each, taken in situation.users(row.number, called("acquire")).items()
            if taken.count > (back[each].count if each in back else 0) and each != process
        ]
    if row.type in _KEPT_QUEUES and deed.text == "get":
        put, got = (
            sum(each.count for each in situation.users(row.number, called(method)).values())
            for method in ("put", "get")
        )
        relation, method = Relation.PUTS, "put"
        if put > got:  # one should come
            return []
    elif row.type == "Manager.Event" and deed.text == "wait":
        relation, method = Relation.SETS, "set"
    else:
        return []
    found = _used(situation, row.number, relation, called(method))
    return [each for each in found if each.process != process]


def servers_of(situation: Situation, row: ObjectRow) -> list[Candidate]:
    """The manager behind a proxy: a server that the maker of the proxy, or its parent, started."""
    servers = [each for each in situation.processes if each.role is Role.MANAGER_SERVER]
    near = [each for each in servers if each.parent == row.creator]
    if not near and len(servers) == 1:
        near = servers
    return [Candidate(each.number, Relation.SERVES) for each in near]
