"""What a thread waits for, who could end that wait, and what these wait for in turn.

    a wait --candidates--> parties --those that wait themselves--> further waits --> ...
                              '-- free, ended, suspended, unseen
    all waits that are reached --> which of them can never end --> verdict, circle, sentence

A wait can end as long as one party is free, or waits in something that can end. What remains is
stuck for good: in a circle, or because everybody who could help has ended. Waits that have only
just begun count as free, since not all processes are looked at in the same instant.
"""

from __future__ import annotations

from collections import deque

import msgspec

from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...vocabulary.kinds import (
    LOCK_OF_THREADS,
    MAIN_THREAD,
    STARTED,
    Holding,
    Relation,
    ThreadKey,
    kind_of,
    operation_kind,
)
from .inner_locks import lost_lock
from .parties import Candidate, candidates
from .queue_sentence import items_verdict
from .sentence import sentence
from .situation import Situation
from .unsent import unsent, unsent_of
from .wait import Party, State, Verdict, Wait

SETTLED_NS = 300_000_000
"""A wait that is younger may be over already where it matters."""

_AT_REST_NS = 1_000_000_000  # from when on idle workers are no pause between two tasks
_MOST_WAITS = 200  # that are followed
_DEEPEST = 12  # waits within one another that are told
_MOST_PARTIES = 60  # of one wait that are told one by one


class Link(msgspec.Struct, frozen=True, gc=False):
    """A candidate for ending a wait, and what was found of it; `node`: the wait that it is in."""

    candidate: Candidate
    state: State
    node: ThreadKey | None = None


def waits_of(situation: Situation, process: int) -> tuple[Wait, ...]:
    """What the threads of a process wait for, the main thread first."""
    found = WaitGraph(situation)
    for deed in situation.waits(process):
        found.follow((process, deed.thread), deed)
    found.judge()
    return tuple(found.told((process, deed.thread), 0) for deed in situation.waits(process))


class WaitGraph:
    """All waits that are reached from some. `deeds`: each of them by who waits; `links`: who could
    end it; `stuck`: those that can never end, once `judge` was called."""

    def __init__(self, situation: Situation, most: int = _MOST_WAITS) -> None:
        """`most`: how many waits are followed."""
        self._situation = situation
        self._most = most
        self.deeds: dict[ThreadKey, Deed] = {}
        self.links: dict[ThreadKey, list[Link]] = {}
        self.stuck: set[ThreadKey] = set()
        self._told: set[ThreadKey] = set()
        self._states: dict[ThreadKey, tuple[State, Deed | None]] = {}

    def follow(self, node: ThreadKey, deed: Deed) -> None:
        """Find everything that this wait depends on."""
        ahead = deque([(node, deed)])
        while ahead and len(self.deeds) < self._most:
            node, deed = ahead.popleft()
            if node in self.deeds:
                continue
            self.deeds[node] = deed
            found = [
                (candidate, *self._state(node, candidate))
                for candidate in candidates(self._situation, node[0], deed)
            ]
            # Where somebody can end it at once, it does not matter what the others wait for.
            free = any(state is State.FREE for _, state, _ in found)
            links = []
            for candidate, state, other in found:
                if other is None or free:
                    links.append(Link(candidate, state))
                else:
                    links.append(Link(candidate, state, (candidate.process, other.thread)))
                    ahead.append(((candidate.process, other.thread), other))
            self.links[node] = links

    def judge(self) -> None:
        """Find the waits that can never end: strike out what can until nothing more goes."""
        self.stuck = set(self.links)
        changed = True
        while changed:
            free = {node for node in self.stuck if self._may_end(node)}
            self.stuck -= free
            changed = bool(free)

    def told(self, node: ThreadKey, depth: int) -> Wait:
        """The wait with all that follows from it; what was told already is only pointed at."""
        self._told.add(node)
        deed, links = self.deeds[node], self.links.get(node, [])
        circle = self.circle(node) if node in self.stuck else ()
        verdict = self._verdict(node, links, circle)
        circle = circle if verdict is Verdict.DEADLOCK else ()
        parties = tuple(self._party(link, depth) for link in links[:_MOST_PARTIES])
        text = sentence(self._situation, node[0], deed, verdict, parties, circle)
        more = max(0, len(links) - _MOST_PARTIES)
        return Wait(node[0], deed, verdict, text, parties, circle, more)

    def _party(self, link: Link, depth: int) -> Party:
        each, node = link.candidate, link.node
        wait, told = None, False
        if node is not None and node in self.links:
            told = node in self._told or depth >= _DEEPEST
            wait = None if told else self.told(node, depth + 1)
        return Party(each.process, each.thread, each.relation, each.count, link.state, wait, told)

    def _state(self, node: ThreadKey, candidate: Candidate) -> tuple[State, Deed | None]:
        """How one stands who could end the wait of `node`, and what it waits in."""
        process, thread = candidate.process, candidate.thread
        if candidate.relation is Relation.LOST:
            return State.ENDED, None
        if process == node[0] and (not thread or thread == node[1]):
            return (State.ITSELF if self._situation.lives(process) else State.ENDED), None
        known = self._states.get((process, thread))
        if known is None:
            known = self._states[process, thread] = self._found_state(process, thread)
        if known[0] is State.FREE and candidate.relation is Relation.BELONGS:
            return State.IDLE, None
        if known[0] is State.FREE and candidate.relation is Relation.RUNS:
            return (State.SENDS if unsent_of(self._situation, process) else State.FREE), None
        return known

    def _found_state(self, process: int, thread: str) -> tuple[State, Deed | None]:
        situation = self._situation
        if not situation.lives(process):
            return State.ENDED, None
        if situation.is_suspended(process):
            return State.SUSPENDED, None
        if situation.processes[process].watched is False:
            return State.UNSEEN, None
        for deed in situation.waits(process):
            if deed.thread == (thread or MAIN_THREAD):
                if goes_on(deed):
                    return State.FREE, None
                # What it waits for is followed only if it may still be in it.
                settled = deed.elapsed_ns(situation.now_ns) >= SETTLED_NS
                return (State.WAITS, deed) if settled else (State.FREE, None)
        return State.FREE, None

    def _may_end(self, node: ThreadKey) -> bool:
        if self._keeps_itself(node):
            return False
        if goes_on(self.deeds[node]):
            return True
        if is_left_behind(self.deeds[node]):
            return False
        links = [link for link in self.links[node] if _counts(link)]
        deed = self.deeds[node]
        if self._result_is_lost(deed) or lost_lock(self._situation, deed) is not None:
            return False
        if not links or self._has_items(deed) or self._situation.is_suspended(node[0]):
            return True  # nobody knows who might come
        row = None if deed.object is None else self._situation.object(deed.object)
        if row is not None and row.is_not_all_seen:
            return True
        if row is not None and kind_of(row.type).is_pool and not any(link.node for link in links):
            return True
        for link in links:
            if link.state in (State.FREE, State.UNSEEN, State.SUSPENDED, State.SENDS):
                return True
            if link.candidate.relation is Relation.MADE:
                return True  # others than its maker may come
            if link.candidate.relation is Relation.RUNS and link.state is State.ENDED:
                return True  # it is what was waited for
            if link.node is not None and link.node not in self.stuck:
                return True
        return self._others_may_come(node, links)

    def _keeps_itself(self, node: ThreadKey) -> bool:
        """Of a wait in a pipe: nobody but the process itself has the other end open, and it has no
        other thread that could use it, or close it."""
        links = self.links[node]
        if not links or any(link.state is not State.ITSELF for link in links):
            return False
        deed = self.deeds[node]
        if deed.operation == "poll":  # for how long is not known
            return False
        peer = self._situation.peer(deed.object) if deed.object is not None else None
        if peer is None or self._situation.openers(peer, deed) is None:
            return False
        return self._situation.is_single(node[0])

    def _result_is_lost(self, deed: Deed) -> bool:
        """Of a wait for a pool: what it waits for cannot come any more, whoever works."""
        row = None if deed.object is None else self._situation.object(deed.object)
        if row is None or not kind_of(row.type).is_pool:
            return False
        members = self._situation.members(row)
        lost = members.lost_of(deed) is not None
        return members.deaf or lost or members.is_left_by(deed)

    def _others_may_come(self, node: ThreadKey, links: list[Link]) -> bool:
        """All who did what could end this have ended; but whoever made the object goes on, and may
        start another one that does."""
        number = self.deeds[node].object
        row = None if number is None else self._situation.object(number)
        if row is None or row.creator == node[0]:
            return False
        gone = all(link.state is State.ENDED for link in links)
        if not gone or links[0].candidate.relation in (Relation.HOLDS, Relation.SERVES):
            return False
        return self._found_state(row.creator, "")[0] is State.FREE

    def _has_items(self, deed: Deed) -> bool:
        """Of a get: something may still come out, since it is not all lost with who put it."""
        row = None if deed.object is None else self._situation.object(deed.object)
        if deed.operation != "get" or row is None or not row.depth:
            return False
        where = unsent(self._situation, row)
        return bool(where.kept or where.sent or not where.lost)

    def circle(self, node: ThreadKey) -> tuple[ThreadKey, ...]:
        """The circle that a stuck wait is in or leads to; empty when it leads to the dead."""
        path: dict[ThreadKey, None] = {}
        step: ThreadKey | None = node
        while step is not None and step not in path:
            path[step] = None
            if any(link.state is State.ITSELF and _counts(link) for link in self.links[step]):
                return (step,)
            ahead = [link.node for link in self.links[step] if link.node in self.stuck]
            step = ahead[0] if ahead else None
        if step is None:
            return ()
        nodes = list(path)
        return tuple(nodes[nodes.index(step) :])

    def _verdict(
        self, node: ThreadKey, links: list[Link], circle: tuple[ThreadKey, ...]
    ) -> Verdict:
        if self._situation.is_suspended(node[0]):
            return Verdict.PAUSED
        if node in self.stuck and self._may_be_meant(node):
            waits = any(link.state is State.WAITS for link in links)
            return Verdict.LATER if waits else Verdict.UNKNOWN
        if node in self.stuck:
            return Verdict.DEADLOCK if circle else Verdict.NOBODY
        if not links:
            return Verdict.UNKNOWN
        states = {link.state for link in links}
        if links[0].candidate.relation is Relation.RUNS and State.ENDED in states:
            return Verdict.OPEN
        if states <= {State.ENDED, State.ITSELF}:
            return Verdict.UNKNOWN
        deed = self.deeds[node]
        row = None if deed.object is None else self._situation.object(deed.object)
        if row is not None and self._has_items(deed):
            return items_verdict(self._situation, node[0], deed, row)
        if states & {State.FREE, State.UNSEEN}:
            return Verdict.OPEN
        if State.WAITS in states or State.SENDS in states:
            return Verdict.LATER
        if State.SUSPENDED in states:
            return Verdict.PAUSED
        return self._idle_verdict(self.deeds[node])

    def _may_be_meant(self, node: ThreadKey) -> bool:
        """Whether a stuck wait depends on one in which a program is there to take Ctrl-C, and which
        it may end then: not by giving up a lock, or a child of its own."""
        needed = self._needed(node)
        taking = next((each for each in needed if self.deeds[each].ready), None)
        return taking is not None and not all(map(self._is_sure, self._needed(taking)))

    def _needed(self, node: ThreadKey) -> list[ThreadKey]:
        """A stuck wait, and those that it depends on."""
        found = {node: None}
        ahead = [node]
        while ahead:
            links = self.links[ahead.pop()]
            fresh = {
                link.node: None for link in links
                if link.node is not None and link.node in self.stuck and link.node not in found
            }  # fmt: skip
            found.update(fresh)
            ahead += fresh
        return list(found)

    def _is_sure(self, node: ThreadKey) -> bool:
        deed = self.deeds[node]
        row = None if deed.object is None else self._situation.object(deed.object)
        return row is not None and is_sure(deed, row)

    def _idle_verdict(self, deed: Deed) -> Verdict:
        """Of a wait for a pool whose workers are in no task: that may be so between two tasks."""
        row = None if deed.object is None else self._situation.object(deed.object)
        if row is None or not kind_of(row.type).is_pool:
            return Verdict.UNKNOWN
        members = self._situation.members(row)
        settled = deed.elapsed_ns(self._situation.now_ns) >= _AT_REST_NS
        return Verdict.UNKNOWN if members.lost or (members.at_rest and settled) else Verdict.OPEN


def _counts(link: Link) -> bool:
    """Whether it matters for a wait. That a thread uses a queue in both directions does not; that
    it holds the very lock that it waits for does."""
    return link.state is not State.ITSELF or link.candidate.relation is Relation.HOLDS


def is_sure(deed: Deed, row: ObjectRow) -> bool:
    """Whether nobody but those who are known could end a wait, whatever else goes on in its run: of
    a lock, a join, a task."""
    kind = kind_of(row.type)
    if row.type in STARTED or kind.is_pool:
        return True
    return deed.operation == "acquire" and kind.holding is Holding.ONE


def is_left_behind(deed: Deed) -> bool:
    """Whether it is a wait for a lock that nobody is left to give back."""
    return deed.object is None and deed.text == LOCK_OF_THREADS


def goes_on(deed: Deed) -> bool:
    """Whether its thread does other things meanwhile, or when the time that it gave is over."""
    return deed.limited or operation_kind(deed.operation).meanwhile
