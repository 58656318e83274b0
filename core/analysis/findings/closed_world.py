"""Waits that nobody who lives can end, not even one who never did such a thing before.

    each live process of a run: threads by its sample --less--> those that wait, those of libraries
                                                                 '--> any left? it may do anything
    all waits --strike out what somebody can end, until nothing more goes--> what is left: closed

Anybody in a run may have a queue, an event, a semaphore, whether or not it used that so far. So a
wait for one is for good only if every thread of every process there waits itself, for good. What
goes on by itself, comes from outside, or cannot be seen keeps the world open.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterable

from ...store.doing import Deed, by_thread
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...vocabulary.events import HELPERS, SUSPENDED, Role
from ...vocabulary.kinds import (
    MAIN_THREAD,
    STARTED,
    Holding,
    ThreadKey,
    kind_of,
    operation_kind,
)
from ..waits.chain import is_left_behind
from ..waits.inner_locks import lost_lock
from ..waits.parties import THROUGH_PIPES
from ..waits.situation import Situation
from ..waits.unsent import unsent

CALM_NS = 2_000_000_000
"""A wait that is younger may be over already, and its process may have a thread more by now."""

_FROM_OUTSIDE = sum(
    1 << (number - 1)
    for number in (
        signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM,
        signal.SIGVTALRM, signal.SIGPROF, signal.SIGTERM, signal.SIGCHLD, signal.SIGIO,
    )
)  # fmt: skip
_OUTSIDE = frozenset(("accept", "connect", "call", "communicate", "serve", "await"))
_ENDINGS = frozenset(("terminate", "kill"))
_RESTS = frozenset(("idle", "flush"))  # work, by the words, and yet nothing but waiting
_THREADS = {Role.POOL_WORKER: 3, Role.EXECUTOR_WORKER: 2}  # of who made it, by who works in it


def asked_to_end(situation: Situation) -> dict[int, ObjectRow]:
    """Who lives although a parent has called terminate or kill, with what stands for it."""
    found = {}
    for row in situation.objects:
        if row.type in STARTED and any(each.operation in _ENDINGS for each in row.counts):
            process = situation.process_behind(row.number)
            if process is not None and situation.lives(process):
                found[process] = row
    return found


class ClosedWorld:
    """See the module. `waits`: what is closed."""

    def __init__(self, situation: Situation) -> None:
        """Raises SessionError where it reads counters."""
        self._situation = situation
        self._asked = set(asked_to_end(situation))
        self._asked.update(row.number for row in situation.processes if row.is_stopping)
        self._people: dict[int | None, list[ProcessRow]] = {}  # who may act, by run
        moved = set()  # runs in which somebody has just ended: others may be about to wake by that
        for row in situation.processes:
            if row.role in HELPERS or row.role is Role.SUPERVISOR:
                continue
            if row.is_live:
                self._people.setdefault(row.worker, []).append(row)
            elif row.ended_ns is not None and situation.now_ns - row.ended_ns < CALM_NS:
                moved.add(row.worker)
        self._deeds: dict[ThreadKey, Deed] = {}
        self._of_libraries: Counter[int] | None = None
        self._with_pipes: set[int | None] = set()
        self._loose: set[int] = set()
        self.waits: set[ThreadKey] = set()
        for worker, people in self._people.items():
            if worker in moved:
                self._loose.update(row.number for row in people)
            else:
                self._begin(people)
        self._strike_out()

    def deed(self, wait: ThreadKey) -> Deed:
        """What a closed wait is in."""
        return self._deeds[wait]

    # -- within -----------------------------------------------------------------------------------

    def _begin(self, people: Iterable[ProcessRow]) -> None:
        for row in people:
            deeds = by_thread(self._situation.deeds(row.number))
            waits = [deed for deed in deeds if self._is_long(deed)]
            for deed in waits:
                self._deeds[row.number, deed.thread] = deed
                self.waits.add((row.number, deed.thread))
                if deed.operation in THROUGH_PIPES:
                    self._with_pipes.add(row.worker)
            if not waits and not self._is_inert(row):
                self._loose.add(row.number)

    def _is_long(self, deed: Deed) -> bool:
        kind = operation_kind(deed.operation)
        if is_left_behind(deed):
            return True
        if deed.limited or kind.meanwhile or deed.operation in _OUTSIDE or deed.object is None:
            return False
        if kind.works and deed.operation not in _RESTS:
            return False
        return deed.elapsed_ns(self._situation.now_ns) >= CALM_NS

    def _is_inert(self, row: ProcessRow) -> bool:
        """Whether it can use no object, and so ends no wait but by its own end."""
        return row.role is Role.MANAGER_SERVER or not row.is_python

    def _strike_out(self) -> None:
        changed = True
        while changed:
            for people in self._people.values():
                self._loose.update(
                    row.number
                    for row in people
                    if row.number not in self._loose and not self._waits_wholly(row)
                )
            over = {wait for wait in self.waits if self._may_end(wait)}
            self.waits -= over
            changed = bool(over)

    def _waits_wholly(self, row: ProcessRow) -> bool:
        """Whether all of its threads are in closed waits, or are a library's that do nothing but
        serve these."""
        if self._is_inert(row):
            return True
        if row.watched is not True or row.sample is None or row.sampled_status in SUSPENDED:
            return False
        if row.number in self._asked:
            return False  # it may be about to end
        if row.sample.handled & _FROM_OUTSIDE:
            return False  # its handler may do anything
        if (row.number, MAIN_THREAD) not in self.waits:
            return False
        waits = [wait for wait in self.waits if wait[0] == row.number]
        missing = row.sample.threads - len(waits)
        if missing <= 0:
            return True
        if self._is_plain(row.worker) and self._anybody(row.number):
            return False  # whoever else is loose, nothing here is closed: no need to count
        feeding = sum(self._deeds[wait].operation == "feed" for wait in waits)
        return missing <= self._threads_of_libraries(row) - feeding

    def _is_plain(self, worker: int | None) -> bool:
        """Whether nobody in a run waits in a pipe, so that all there depends on all others."""
        return worker not in self._with_pipes

    def _threads_of_libraries(self, row: ProcessRow) -> int:
        """At most: what feeds queues, and what serves pools."""
        known = self._of_libraries
        if known is None:
            known = self._of_libraries = Counter()
            for each in self._situation.objects:
                kind = kind_of(each.type)
                if kind.buffered and any(count.operation == "put" for count in each.counts):
                    known.update(self._feeders(each))
                elif kind.worker is not None:
                    members = self._situation.members(each)
                    if members.busy or members.idle:
                        known[each.creator] += _THREADS.get(kind.worker, 0)
        return known[row.number]

    def _feeders(self, queue: ObjectRow) -> set[int]:
        """Who has a feeder thread for a queue. It ends when the queue is closed there and all is
        sent; at its end a process waits for that."""
        put, closed = (self._situation.users(queue.number, each) for each in ("put", "closed"))
        return {each for each in put if each not in closed or self._flushes(each)}

    def _flushes(self, process: int) -> bool:
        wait = (process, MAIN_THREAD)
        return wait in self._deeds and self._deeds[wait].operation == "flush"

    def _may_end(self, wait: ThreadKey) -> bool:
        deed = self._deeds[wait]
        if is_left_behind(deed):
            return False
        row = None if deed.object is None else self._situation.object(deed.object)
        if row is None:
            return True
        if row.type in STARTED:
            return self._ends(self._situation.process_behind(row.number))
        if kind_of(row.type).is_pool:
            return self._pool_works(row, deed)
        if deed.operation in THROUGH_PIPES:
            return self._pipe_moves(wait, row, deed)
        if row.is_not_all_seen:
            return True
        if deed.operation == "flush":
            return self._anybody(wait[0])
        if deed.operation == "get" and lost_lock(self._situation, deed) is None:
            where = unsent(self._situation, row)
            if where.kept or where.sent:
                return True  # something should come
        if deed.operation == "put" and row.capacity and (row.depth or 0) < row.capacity:
            return True
        if deed.operation == "acquire" and kind_of(row.type).holding is Holding.ONE:
            holders = [process for process, _ in self._situation.holders(row.number)]
            if holders and not kind_of(row.type).handed_on:
                return any(self._acts(each) for each in holders)
            return not holders or self._anybody(wait[0])
        return self._anybody(wait[0])

    def _acts(self, process: int) -> bool:
        return self._situation.lives(process) and process in self._loose

    def _anybody(self, process: int) -> bool:
        """Whether somebody in the run of a process may do anything."""
        row = self._situation.processes[process]
        return any(each.number in self._loose for each in self._people.get(row.worker, ()))

    def _ends(self, process: int | None) -> bool:
        """Whether one that is waited for may end, or has ended."""
        if process is None or process in self._asked or not self._situation.lives(process):
            return True
        return (process, MAIN_THREAD) not in self.waits

    def _pool_works(self, row: ObjectRow, deed: Deed) -> bool:
        """Whether something may still be done in a pool. Who idles there waits for its maker."""
        if deed.operation == "idle":
            return self._acts(row.creator)
        members = self._situation.members(row)
        return not members.busy or any(each not in self.waits for each in members.busy)

    def _pipe_moves(self, wait: ThreadKey, row: ObjectRow, deed: Deed) -> bool:
        peer = self._situation.peer(row.number)
        openers = None if peer is None else self._situation.openers(peer, deed)
        if openers is None:
            return True
        if not openers:
            return True  # its end, or an error, is on the way
        return any(self._acts(each) for each in openers) or any(
            self._situation.processes[each].watched is not True
            and (each, MAIN_THREAD) not in self.waits
            for each in openers
        )
