"""What is true of a session at one time: the face that panels and analyses know.

    SessionStore   now: applies events, ticks, lends the one reader of the file
      '-- at(t) --> MomentStore   the same face, for a moment in the past

Nobody but the store writes to its tables. Called by the window's thread, or by that of `record`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .findings import FindingTable
from .object_row import ObjectRow
from .process_row import ProcessRow
from .processes import ProcessTable
from .scope import Sight
from .session import Session

if TYPE_CHECKING:
    from ..session.open_waits import CounterRows
    from ..session.reader import SessionReader
    from ..vocabulary.events import OperationCount
    from ..vocabulary.findings import Finding


class Store(ABC):
    """`processes` holds what had started by its time, `objects` what had been made, `findings` what
    was wrong. `moment_ns` is Unix time; None: now, or the end of what is over. What reads the file
    raises SessionError."""

    def __init__(
        self, processes: ProcessTable, findings: FindingTable, moment_ns: int | None = None
    ) -> None:
        self.processes = processes
        self.objects = processes.objects
        self.findings = findings
        self.moment_ns = moment_ns

    # -- its time -----------------------------------------------------------------------------

    @property
    @abstractmethod
    def session(self) -> Session:
        """The store that goes with time."""

    @property
    def live(self) -> bool:
        """Whether the session lives, whatever time is shown of it."""
        return self.session.is_live

    @property
    def moves(self) -> bool:
        """Whether what is shown changes by itself."""
        return self.moment_ns is None and self.live

    @abstractmethod
    def now_ns(self) -> int:
        """The time that all of this is about, Unix time."""

    # -- what is counted, in the file ---------------------------------------------------------

    @property
    def reader(self) -> SessionReader | None:
        """The session's file, lent by the one who opened it; None before it is known."""
        return self.session.lend()

    @abstractmethod
    def counters(self, process: int | None = None) -> CounterRows:
        """(object, process, totals of one operation), of one process or of all, in order."""

    @abstractmethod
    def counters_before(self, ago_ns: int) -> CounterRows | None:
        """The same so long before its time; None where nobody noted it."""

    @abstractmethod
    def users_of(self, number: int) -> list[tuple[int, OperationCount]]:
        """(process, totals of one operation) on an object."""

    # -- what is shown ------------------------------------------------------------------------

    @property
    def sight(self) -> Sight:
        """What the scope lets one see."""
        return self.session.seen(self.processes)

    def shown_processes(self) -> Iterator[ProcessRow]:
        """The processes within the scope, in the order in which they became known."""
        return filter(self.sight.shows, self.processes)

    def shown_objects(self) -> Iterator[ObjectRow]:
        """The shared objects within the scope, in the order in which they became known."""
        return filter(self.sight.shows_object, self.objects)

    def shown_findings(self) -> Iterator[Finding]:
        """What is wrong within the scope, in the order in which it was found."""
        shows, rows = self.sight.shows, self.processes
        for finding in self.findings:
            concerned = [rows[number] for number in finding.processes if number in rows]
            if not concerned or any(map(shows, concerned)):
                yield finding
