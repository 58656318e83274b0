"""The counters of each process, read from the session's file: as they stand, or once stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...kit.session_source import SessionSource

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.events import ObjectState, OperationCount

_WITH_HISTORY = 3  # the version of sessions that remember what was before; of older ones, the end


class WiringSource(SessionSource):
    """A session file that is opened when something is first read from it."""

    def counters(self, moment_ns: int | None = None) -> list[tuple[int, int, OperationCount]]:
        """(object, process, totals of one operation), now or at a moment of Unix time. Raises
        SessionError."""
        reader = self._opened()
        if reader is None:
            return []
        if moment_ns is None or reader.version < _WITH_HISTORY:
            return reader.counters()
        return reader.counters_at(moment_ns)

    def states(self, moment_ns: int) -> list[ObjectState]:
        """What each object was like at a moment of Unix time. Raises SessionError."""
        reader = self._opened()
        if reader is None:
            return []
        if reader.version < _WITH_HISTORY:
            return reader.object_states()
        return reader.objects_at(moment_ns)
