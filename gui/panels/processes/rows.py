"""The rows that the tree shows: of the time of a store, and who of them is to be seen.

What had not started by a moment keeps the row that it has now, and its place, but is not seen: so
going from one moment to another moves only the rows that differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spawnscope.core.analysis.process_filter import ProcessFilter
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.store import Store


class StoreRows:
    """See the module. `filter`: what else a row must pass to be seen."""

    def __init__(self, store: Store) -> None:
        self.filter = ProcessFilter()
        self.show(store)

    def show(self, store: Store) -> None:
        """Another moment, or another scope."""
        self.store = store
        self._all = store.session.processes
        self._then = store.processes
        self._sight = store.sight

    def __contains__(self, number: object) -> bool:
        return number in self._all

    def __iter__(self) -> Iterator[ProcessRow]:
        return iter(self._all)

    def __getitem__(self, number: int) -> ProcessRow:
        return self._then.get(number) or self._all[number]

    def get(self, number: int) -> ProcessRow | None:
        """The row of a process; None when it is unknown."""
        return self._then.get(number) or self._all.get(number)

    def parent(self, number: int) -> int | None:
        """See ProcessTable."""
        return self._all.parent(number)

    def children(self, number: int) -> Sequence[int]:
        """See ProcessTable."""
        return self._all.children(number)

    def descendants(self, number: int) -> Iterator[int]:
        """See ProcessTable."""
        return self._all.descendants(number)

    @property
    def is_limited(self) -> bool:
        """Whether anything may be hidden."""
        return bool(self.filter) or self.store.moment_ns is not None or self._sight.is_limited

    def passes(self, row: ProcessRow) -> bool:
        """Whether a row is to be seen by itself."""
        return row.number in self._then and self._sight.shows(row) and self.filter.matches(row)
