"""What all stores of one session share: the newest tables, the scope, the one reader of the file.

It opens the file when something is first asked of it, once, and lends that reader to all. Called by
the window's thread, or by that of `record`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .change import StoreChange
from .findings import FindingTable
from .kept_tasks import KeptTable
from .processes import ProcessTable
from .scope import Run, Runs, Scope, Sight

if TYPE_CHECKING:
    from ..observe.tracer import Tracer
    from ..session.reader import SessionReader

Listener = Callable[[StoreChange], None]

_RUN_FIELDS = frozenset(("worker", "title", "role", "ended_ns"))


class Session:
    """See the module. Listeners are called in the order in which they subscribed."""

    def __init__(self, processes: ProcessTable) -> None:
        self.processes = processes
        self.objects = processes.objects
        self.findings = FindingTable()
        self.kept = KeptTable()
        self.is_live = True
        self.path = ""
        self.run_folder = ""
        """Where the recorders of a living session lie."""
        self.tracer: Tracer | None = None
        """Who looks into its processes, where the kernel wants one to be named."""
        self.last_message = 0
        """The id of the last message in the file."""
        self.scope = Scope()
        self._runs = Runs()
        self._lived: frozenset[int] = frozenset()  # runs, when the scope was last looked at
        self._before: list[Scope] = []  # before ended processes were cleared, for undo
        self._reader: SessionReader | None = None
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` of each change from now on; returns what ends that."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    def lend(self) -> SessionReader | None:
        """The one reader of the file; None before there is one. Raises SessionError."""
        if self._reader is None and self.path:
            from ..session.reader import SessionReader

            self._reader = SessionReader(self.path)
        return self._reader

    def close(self) -> None:
        """Let go of the file; what is read is read anew, if another is known."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()
        self.path = ""

    @property
    def is_warm(self) -> bool:
        """Whether anything changes by a tick."""
        return self.is_live and self.objects.is_warm

    @property
    def sight(self) -> Sight:
        """What the scope lets one see of the newest tables."""
        return self.seen(self.processes)

    def seen(self, processes: ProcessTable) -> Sight:
        """What the scope lets one see of a table."""
        return Sight(self.scope, self._runs, processes)

    def runs(self) -> list[Run]:
        """All runs, in the order of their start."""
        return self._runs.listed(self.processes)

    @property
    def has_ended(self) -> bool:
        """Whether there may be something to clear."""
        over = len(self.processes) - self.processes.live_count
        return over > len(self.scope.without)

    @property
    def has_cleared(self) -> bool:
        """Whether there is something to bring back."""
        return bool(self._before)

    def _tell(self, change: StoreChange) -> None:
        """The tables differ so."""
        for each in change.processes:
            if not _RUN_FIELDS.isdisjoint(each.fields):
                self._runs.note(self.processes[each.process])
        if self.scope.living and self._runs.living != self._lived:
            self._lived = self._runs.living
            change.scoped = True
        for listener in tuple(self._listeners):
            listener(change)
