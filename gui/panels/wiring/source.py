"""The counters of each process, read from the session's file: as they stand, or once stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...kit.session_source import SessionSource

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.events import ObjectState, OperationCount


class WiringSource(SessionSource):
    """A session file that is opened when something is first read from it."""

    def counters(self, moment_ns: int | None = None) -> list[tuple[int, int, OperationCount]]:
        """(object, process, totals of one operation), now or at a moment of Unix time. Raises
        SessionError."""
        reader = self._opened()
        if reader is None:
            return []
        if moment_ns is None or not reader.history.knows_moments:
            return reader.objects.counters()
        return reader.history.counters_at(moment_ns)

    def states(self, moment_ns: int) -> list[ObjectState]:
        """What each object was like at a moment of Unix time. Raises SessionError."""
        reader = self._opened()
        if reader is None:
            return []
        if not reader.history.knows_moments:
            return reader.objects.states()
        return reader.history.states_at(moment_ns)
