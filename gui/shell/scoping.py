"""Which runs are shown, as the user wants it: the newest, some, all that lives, or all.

bar, launches --> Scoping --Scope--> SessionStore --StoreChange--> every panel
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QObject, Signal

from spawnscope.core.store.scope import Scope
from spawnscope.core.store.session_store import SessionStore


class Scoping(QObject):
    """Emits changed() when another scope is in force."""

    changed = Signal()

    def __init__(self, store: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self.follows = True  # what is started becomes the scope, until the user wants to see all

    @property
    def scope(self) -> Scope:
        """What is in force."""
        return self._store.scope

    def show_runs(self, runs: Iterable[int]) -> None:
        """Only these; what is started next takes their place."""
        self._show(frozenset(runs), living=False, follows=True)

    def show_living(self) -> None:
        """All of which something lives, also what is started from now on."""
        self._show(None, living=True, follows=False)

    def show_all(self) -> None:
        """The whole session."""
        self._show(None, living=False, follows=False)

    def on_started(self, processes: Iterable[int], before: Iterable[int] = ()) -> None:
        """These were launched, together with others `before`: they are what is shown."""
        if self.follows:
            table = self._store.processes
            runs = {row.worker for row in map(table.get, (*processes, *before)) if row is not None}
            self.show_runs(run for run in runs if run is not None)

    def on_restarted(self, before: int, after: int) -> None:
        """A worker runs anew: that takes the place of the run before."""
        old, new = map(self._store.processes.get, (before, after))
        runs = self.scope.runs
        if runs is not None and old is not None and new is not None and old.worker in runs:
            kept = {run for run in runs if run != old.worker}
            self.show_runs(kept if new.worker is None else kept | {new.worker})

    def _show(self, runs: frozenset[int] | None, *, living: bool, follows: bool) -> None:
        self.follows = follows
        self._store.show(msgspec.structs.replace(self.scope, runs=runs, living=living))
        self.changed.emit()
