"""What stands behind the three sections: the catalogue, the user's store and the recent specs.

Made without a look at the disk; the modules that read it come in with the first use, after the
window's first paint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .entry import Entry, of_example, of_recent, of_stored

if TYPE_CHECKING:
    from spawnscope.core.launch.recent import RecentSpecs
    from spawnscope.core.launch.spec_store import SpecStore
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec


class Library:
    """Entries for the list. The stores may be given, else they are the user's own."""

    def __init__(self, store: SpecStore | None = None, recent: RecentSpecs | None = None) -> None:
        self._store = store
        self._recent = recent
        self._stamp: object = None

    @property
    def store(self) -> SpecStore:
        """The user's specs."""
        if self._store is None:
            from spawnscope.core.launch.spec_store import SpecStore

            self._store = SpecStore()
        return self._store

    @property
    def recent(self) -> RecentSpecs:
        """The specs that were launched last."""
        if self._recent is None:
            from spawnscope.core.launch.recent import RecentSpecs

            self._recent = RecentSpecs()
        return self._recent

    def examples(self) -> list[Entry]:
        """The bundled examples. Raises CatalogueError."""
        from spawnscope.core.launch.examples import examples

        return [of_example(example) for example in examples()]

    def yours(self) -> list[Entry]:
        """The user's specs. Raises SpecStoreError."""
        self._stamp = self.store.stamp()
        return [of_stored(stored) for stored in self.store.list()]

    def has_changed(self) -> bool:
        """Whether the files of `yours` are other ones since the last look."""
        return self._stamp is not None and self.store.stamp() != self._stamp

    def recents(self) -> list[Entry]:
        """What was launched last, newest first."""
        return [of_recent(spec) for spec in self.recent.specs()]

    def remember(self, spec: LaunchSpec) -> None:
        """Put a spec on top of the recent ones."""
        self.recent.add(spec)
