"""What kinds of findings look at: a store at one time, and who waits for whom in all of it.

    Store --> Situation --all waits that have settled--> WaitGraph, judged --.
    causes that were found before, with what follows from them --------------+--> View

A wait belongs to the first cause that explains it, and so does whoever waits for one who waits
there: kinds that come later do not see these waits any more. So one fault is one finding.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import cached_property

from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...store.store import Store
from ...vocabulary.findings import Evidence, Severity
from ...vocabulary.kinds import ThreadKey, kind_of
from ..waits.chain import SETTLED_NS, Link, WaitGraph, is_sure
from ..waits.situation import Situation
from .cause import Cause, key_of
from .closed_world import ClosedWorld

_MOST_WAITS = 5000
_PAST_NS = 10_000_000_000


class UnknownProcess(Exception):
    """Something is told of a process whose start is not: in a file that is damaged, or not yet."""


class View:
    """See the module. `over`: nothing of what it is about goes on. Raises SessionError."""

    def __init__(
        self,
        store: Store,
        now_ns: int | None = None,
        over: bool = False,
        told: Container[str] = (),
    ) -> None:
        """`now_ns`: up to when the store's news go, Unix time; None: its own time. `told`: the keys
        of causes that were told and stand."""
        self.store = store
        self.over = over
        self._told = told
        self.situation = Situation(store)
        if now_ns is not None:
            self.situation.now_ns = now_ns
        self.now_ns = self.situation.now_ns
        self.graph = WaitGraph(self.situation, _MOST_WAITS)
        for row in store.processes:
            if row.is_live and not row.is_stopping:  # what we end waits for nothing any more
                for deed in self.situation.waits(row.number):
                    if deed.elapsed_ns(self.now_ns) >= SETTLED_NS:
                        self.graph.follow((row.number, deed.thread), deed)
        self.graph.judge()
        self._owner: dict[ThreadKey, int] = {}  # the place of the cause that explains a wait
        self._found: list[Cause] = []
        self.pages_read = 0  # of the session's file, see `records`

    # -- what was explained -----------------------------------------------------------------------

    def take(self, found: Cause) -> None:
        """A cause is known: what it explains, and all that waits for that, is its own."""
        place = len(self._found)
        self._found.append(found)
        fresh = [wait for wait in (*found.waits, *found.entails) if wait not in self._owner]
        self._owner.update(dict.fromkeys(fresh, place))
        while fresh:
            fresh = [
                wait
                for wait in self.graph.stuck
                if wait not in self._owner
                and any(self._owned(link, place) for link in self.links(wait))
            ]  # fmt: skip
            self._owner.update(dict.fromkeys(fresh, place))

    def _owned(self, link: Link, place: int) -> bool:
        return link.node is not None and self._owner.get(link.node) == place

    def symptoms(self, place: int) -> list[ThreadKey]:
        """The waits that follow from the cause that was taken as number `place`, without those that
        it explains by itself; the longest first."""
        own = self._found[place].waits
        waits = [wait for wait, owner in self._owner.items() if owner == place and wait not in own]
        waits = [wait for wait in waits if wait in self.graph.deeds]
        return sorted(waits, key=lambda wait: (self.graph.deeds[wait].since_ns, wait))

    def stands(self, code: str, *which: int | str) -> bool:
        """Whether this very cause was told and stands. Where it goes by figures, it is gone when it
        clearly is, and not whenever they are a little less: else it would be told again and again.
        """
        return key_of(code, which) in self._told

    def concerns(self, process: int) -> bool:
        """Whether a cause that is known is about this process: afterwards an error that was told,
        for what it was seen by is gone."""
        told = [one for one in self.store.findings.standing() if one.severity is Severity.ERROR]
        known = (*self._found, *(told if self.over else ()))
        return any(process in each.processes for each in known)

    def is_told(self, code: str, number: int) -> bool:
        """Whether a cause of this code that concerns this object is known."""
        return any(each.code == code and number in each.objects for each in self._found)

    def is_explained(self, wait: ThreadKey) -> bool:
        """Whether a cause of this wait is known."""
        return wait in self._owner

    # -- what waits -------------------------------------------------------------------------------

    def stuck(self) -> list[ThreadKey]:
        """The waits that can never end and that nothing explains yet; the longest first."""
        waits = [wait for wait in self.graph.stuck if wait not in self._owner]
        return sorted(waits, key=lambda wait: (self.graph.deeds[wait].since_ns, wait))

    def dead_ends(self) -> list[ThreadKey]:
        """Of these, those that do not depend on others of them: there a cause must be."""
        return [
            wait
            for wait in self.stuck()
            if not any(link.node in self.graph.stuck for link in self.links(wait))
        ]

    def waiting(self) -> list[ThreadKey]:
        """All waits that have settled and that nothing explains yet, may they end or not."""
        waits = [wait for wait in self.graph.deeds if wait not in self._owner]
        return sorted(waits, key=lambda wait: (self.graph.deeds[wait].since_ns, wait))

    @cached_property
    def _past(self) -> frozenset[int | None]:
        """The runs that have been over for a while: what they showed was told."""
        if self.over:
            return frozenset()
        last: dict[int | None, int] = {}
        for row in self.store.processes:
            end_ns = self.now_ns if row.ended_ns is None else row.ended_ns
            last[row.worker] = max(end_ns, last.get(row.worker, 0))
        before = self.now_ns - _PAST_NS
        return frozenset(run for run, end_ns in last.items() if run is not None and end_ns < before)

    @cached_property
    def processes(self) -> tuple[ProcessRow, ...]:
        """The processes of all runs that go on, or did until just now."""
        past = self._past
        return tuple(row for row in self.store.processes if row.worker not in past)

    @cached_property
    def objects(self) -> tuple[ObjectRow, ...]:
        """The objects that were made in these."""
        past, rows = self._past, self.store.processes
        return tuple(
            each
            for each in self.store.objects
            if (maker := rows.get(each.creator)) is None or maker.worker not in past
        )

    @cached_property
    def closed(self) -> ClosedWorld:
        """The waits that nobody who lives can end. Raises SessionError."""
        return ClosedWorld(self.situation)

    def is_bound(self, wait: ThreadKey) -> bool:
        """Whether nobody but those who are known could end a wait: who holds the lock, is joined,
        works on the task. Others may use a queue, an event, a semaphore that never did so far.
        That a lock may be released by others is left out here: see `is_handed_on`."""
        return self.is_sure(wait) or (
            self.object_of(wait) is not None and wait in self.closed.waits
        )

    def is_sure(self, wait: ThreadKey) -> bool:
        """The same, whatever else goes on in its run: of a lock, a join, a task."""
        row = self.object_of(wait)
        return row is not None and is_sure(self.deed(wait), row)

    def is_handed_on(self, wait: ThreadKey) -> bool:
        """Whether a wait is for a lock that one who does not hold it may be about to release."""
        row = self.object_of(wait)
        return row is not None and kind_of(row.type).handed_on and wait not in self.closed.waits

    def deed(self, wait: ThreadKey) -> Deed:
        """What a wait is in."""
        return self.graph.deeds[wait]

    def links(self, wait: ThreadKey) -> list[Link]:
        """Who could end a wait."""
        return self.graph.links.get(wait, [])

    def object_of(self, wait: ThreadKey) -> ObjectRow | None:
        """What a wait is for."""
        number = self.graph.deeds[wait].object
        return None if number is None else self.situation.object(number)

    def row(self, process: int) -> ProcessRow:
        """A process that is known. Raises UnknownProcess."""
        row = self.store.processes.get(process)
        if row is None:
            raise UnknownProcess(process)
        return row

    # -- how it is told ---------------------------------------------------------------------------

    def evidence(self, waits: Iterable[ThreadKey]) -> tuple[Evidence, ...]:
        """The waits as facts."""
        return tuple(
            Evidence(
                wait[0], wait[1], deed.operation, deed.object, deed.since_ns, deed.site, deed.phrase
            )
            for wait in waits
            for deed in (self.graph.deeds[wait],)
        )
