"""The store of a session that goes with time, or of a past one as it ended.

    events --apply--.                          .--> StoreChange --> subscribers
    time ----tick---+--> ProcessTable, --------+
    file ----load---'    ObjectTable, Runs     '--> at(t): a MomentStore

It opens the session's file when something is first asked of it, once, and lends that one reader to
all. Called by the window's thread, or by that of `record`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..vocabulary.events import Event, MessagesCommitted, ProcessStarted, WorkerStarted
from ..vocabulary.findings import Finding
from ..vocabulary.kept_task import KeptTask
from .change import Change, StoreChange
from .findings import printable_finding
from .processes import ProcessTable
from .scope import Scope, ended, without
from .session import Session
from .store import Store

if TYPE_CHECKING:
    from ..session.open_waits import CounterRows
    from ..vocabulary.events import OperationCount


_KEPT_MOMENTS = 2


class SessionStore(Store, Session):
    """See the module."""

    def __init__(self, processes: ProcessTable | None = None) -> None:
        """`processes`: a table that there is already."""
        table = ProcessTable() if processes is None else processes
        Session.__init__(self, table)
        Store.__init__(self, table, self.findings)
        self._moments: dict[int, Store] = {}
        self._end_ns = 0

    @property
    def session(self) -> Session:
        return self

    def now_ns(self) -> int:
        return self.objects.clock.now_ns() if self.is_live else self._end_ns

    # -- what comes in ------------------------------------------------------------------------

    def apply(self, events: list[Event]) -> None:
        """Take in a batch of events, in their order."""
        objects = [change for change in map(self.objects.apply, events) if change is not None]
        processes: list[Change] = []
        messages, last_before = False, self.last_message
        findings: list[int] = []
        for event in events:
            if isinstance(event, Finding):
                self.findings.apply(event)
                findings.append(event.finding)
                continue
            if isinstance(event, KeptTask):
                self.kept.apply(event)
                continue
            change = self.processes.apply(event)
            if change is not None:
                processes.append(change)
            elif isinstance(event, MessagesCommitted):
                self.last_message = max(self.last_message, event.last_id)
                messages = True
        for named in objects:
            processes += self.processes.rename(named.object)
        self._tell(
            StoreChange(
                tuple(processes),
                tuple(objects),
                tuple(findings),
                tuple(events),
                messages,
                last_before,
            )
        )

    def tick(self) -> None:
        """Time has passed: rates fall, waits grow."""
        if self.is_live:
            changes = self.objects.tick(self.now_ns())
            if changes:
                self._tell(StoreChange(objects=tuple(changes)))

    def open(self, path: str) -> None:
        """The session's file is known; what is read comes from there."""
        self.close()
        self.path = path
        self._tell(StoreChange(opened=True))

    def load(self, path: str) -> None:
        """Take in a recorded session. Raises SessionError, and is empty then."""
        self.is_live = False
        self.path = path
        reader = self.lend()
        assert reader is not None
        objects = self.objects.load(reader.objects.all(), reader.objects.states())
        processes = self.processes.load(reader.processes.all(), reader.samples.last())
        for event in reader.objects.watched():
            self.processes.apply(event)
        for task in reader.kept_tasks():
            self.kept.apply(task)
        for worker in reader.processes.workers():
            self.processes.apply(WorkerStarted(0, worker.worker, worker.process, worker.title))
        findings = [printable_finding(finding) for finding in reader.findings()]
        for finding in findings:
            self.findings.apply(finding)
        self.last_message = reader.messages.last_id()
        self._end_ns = max(reader.span()[1], self._last_time())
        numbers = tuple(finding.finding for finding in findings)
        self._tell(StoreChange(tuple(processes), tuple(objects), numbers, opened=True))

    def end(self) -> None:
        """Nothing can be asked of the session any more: nothing moves, and what is lost is all
        that ever was."""
        if self.is_live:
            self._end_ns = self.objects.clock.now_ns()
            self.is_live = False
            self._tell(StoreChange(objects=tuple(self.objects.come_to_rest()), ended=True))

    def mark_lost(self) -> None:
        """The supervisor is gone, and with it all that lived."""
        now_ns = self.objects.clock.now_ns()
        self._end_ns = max(self._end_ns, now_ns)
        self._tell(StoreChange(tuple(self.processes.mark_lost(now_ns))))

    def close(self) -> None:
        """Let go of the file, and of the moments that were read from it."""
        self._moments.clear()
        super().close()

    # -- what is lent -------------------------------------------------------------------------

    def counters(self, process: int | None = None) -> CounterRows:
        reader = self.lend()
        return [] if reader is None else reader.objects.counters(process)

    def counters_before(self, ago_ns: int) -> CounterRows | None:
        return None

    def users_of(self, number: int) -> list[tuple[int, OperationCount]]:
        reader = self.lend()
        return [] if reader is None else reader.objects.users_of(number)

    def at(self, moment_ns: int | None) -> Store:
        """What was true at a moment (Unix time); None: this store. Raises SessionError."""
        reader = None if moment_ns is None else self.lend()
        if moment_ns is None or reader is None:
            return self
        found = self._moments.get(moment_ns)
        if found is None:
            from .moment import MomentStore

            while len(self._moments) >= _KEPT_MOMENTS:
                del self._moments[next(iter(self._moments))]
            found = self._moments[moment_ns] = MomentStore(self, reader, moment_ns)
        return found

    # -- what is shown ------------------------------------------------------------------------

    def show(self, scope: Scope) -> None:
        """Let this be the scope."""
        if scope != self.scope:
            self.scope = scope
            self._lived = self._runs.living
            self._tell(StoreChange(scoped=True))

    def clear_ended(self) -> int:
        """Hide what has ended; says how many processes. `restore_cleared` brings them back."""
        sight = self.sight
        gone = {number for number in ended(self.processes) if sight.shows(self.processes[number])}
        if gone:
            self._before.append(self.scope)
            self.show(without(self.scope, gone))
        return len(gone)

    def restore_cleared(self) -> None:
        """Bring back what was last cleared."""
        if self._before:
            self.show(Scope(self.scope.runs, self.scope.living, self._before.pop().without))

    # -- within -------------------------------------------------------------------------------

    def _last_time(self) -> int:
        times: Iterable[int] = (row.ended_ns or row.started_ns for row in self.processes)
        return max(times, default=0)


def started(change: StoreChange) -> list[ProcessStarted]:
    """The processes that a change tells the start of."""
    return [event for event in change.events if isinstance(event, ProcessStarted)]
