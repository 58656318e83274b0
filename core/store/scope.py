"""Which part of a session is shown: some runs, what lives, or all; without what was cleared.

A *run* is one launch with everything below it, and has the number of its worker. A scope hides;
nothing that it hides is gone: who waits for whom is worked out from all that there is.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..vocabulary.events import HELPERS
from .object_row import ObjectRow
from .process_row import ProcessRow
from .processes import ProcessTable


class Scope(msgspec.Struct, frozen=True):
    """`runs`: only these, None: all; `living`: only those of which something lives; `without`:
    processes that were cleared."""

    runs: frozenset[int] | None = None
    living: bool = False
    without: frozenset[int] = frozenset()


_ALL = Scope()


class Run(msgspec.Struct, frozen=True):
    """One launch: its root process, and how many of all below that live, without helpers: as many
    by any start method."""

    number: int
    process: int
    title: str
    started_ns: int
    living: int


class Runs:
    """The runs of a session, as its processes come and go. Called by the store only."""

    def __init__(self) -> None:
        self._roots: dict[int, int] = {}
        self._living: dict[int, set[int]] = {}
        self._at_work: dict[int, set[int]] = {}  # of these, all but helpers of multiprocessing

    def note(self, row: ProcessRow) -> None:
        """A process is new, has ended, or has become the root of a run."""
        run = row.worker
        if run is None:
            return
        for kept, belongs in (
            (self._living, row.is_live),
            (self._at_work, row.is_live and row.role not in HELPERS),
        ):
            numbers = kept.setdefault(run, set())
            (numbers.add if belongs else numbers.discard)(row.number)
        if row.is_worker_root:
            self._roots[run] = row.number

    def lives(self, run: int) -> bool:
        """Whether anything of it lives."""
        return bool(self._living.get(run))

    @property
    def living(self) -> frozenset[int]:
        """The runs of which something lives."""
        return frozenset(run for run, processes in self._living.items() if processes)

    def root(self, run: int) -> int | None:
        """The process that was launched."""
        return self._roots.get(run)

    def listed(self, processes: ProcessTable) -> list[Run]:
        """All of them that have a root, in the order of their start."""
        rows = ((run, processes[root]) for run, root in sorted(self._roots.items()))
        return [
            Run(run, row.number, row.label, row.started_ns, len(self._at_work[run]))
            for run, row in rows
        ]


class Sight:
    """What a scope lets one see of the tables of a store."""

    def __init__(self, scope: Scope, runs: Runs, processes: ProcessTable) -> None:
        self.scope = scope
        self._runs = runs
        self._processes = processes

    @property
    def is_limited(self) -> bool:
        """Whether anything may be hidden."""
        return self.scope != _ALL

    def shows(self, row: ProcessRow) -> bool:
        """Whether a process is shown. What belongs to no run, as the supervisor, always is."""
        if row.number in self.scope.without:
            return False
        return row.worker is None or self._shows_run(row.worker)

    def shows_object(self, row: ObjectRow) -> bool:
        """Whether a shared object is shown: its maker's run is, and was not cleared as a whole."""
        maker = self._processes.get(row.creator)
        if maker is None or maker.worker is None:
            return row.creator not in self.scope.without
        root = self._runs.root(maker.worker)
        return root not in self.scope.without and self._shows_run(maker.worker)

    def _shows_run(self, run: int) -> bool:
        scope = self.scope
        if scope.runs is not None and run not in scope.runs:
            return False
        return not scope.living or self._runs.lives(run)


def ended(processes: ProcessTable) -> frozenset[int]:
    """The processes that have ended and below which nothing lives."""
    needed: set[int] = set()
    for row in processes:
        place: int | None = row.number if row.is_live else None
        while place is not None and place not in needed:
            needed.add(place)
            place = processes.parent(place)
    return frozenset(row.number for row in processes if row.number not in needed)


def without(scope: Scope, processes: Iterable[int]) -> Scope:
    """The scope with these cleared as well."""
    return msgspec.structs.replace(scope, without=scope.without | frozenset(processes))
