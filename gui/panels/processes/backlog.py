"""Changes that the display has not taken in yet, merged by process."""

from __future__ import annotations

from spawnscope.core.store.change import Change


class Backlog:
    """What waits while the panel is paused or hidden. It grows with the number of processes,
    not with time."""

    def __init__(self) -> None:
        self._fields: dict[int, set[str]] = {}
        self.count = 0  # changes, before they were merged

    def __len__(self) -> int:
        """How many processes differ."""
        return len(self._fields)

    def __bool__(self) -> bool:
        return bool(self._fields)

    def add(self, change: Change) -> None:
        """One more change."""
        self.count += 1
        self._fields.setdefault(change.process, set()).update(change.fields)
        for process in change.adopted:
            self._fields.setdefault(process, set())

    def take(self) -> dict[int, set[str]]:
        """All that waits: the fields that differ, by process; nothing waits afterwards."""
        fields, self._fields = self._fields, {}
        self.count = 0
        return fields
