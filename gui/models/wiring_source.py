"""The counters of each process, read from the session's file: as they stand, or once stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spawnscope.core.session.reader import SessionReader
    from spawnscope.core.vocabulary.events import ObjectState, OperationCount

_WITH_HISTORY = 3  # the version of sessions that remember what was before; of older ones, the end


class WiringSource:
    """A session file that is opened when something is first read from it."""

    def __init__(self) -> None:
        self._path = ""
        self._reader: SessionReader | None = None

    def open(self, path: str) -> None:
        """Read from this file from now on."""
        self.close()
        self._path = path

    def close(self) -> None:
        """Let go of the file."""
        if self._reader is not None:
            self._reader.close()
        self._reader = None
        self._path = ""

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

    def _opened(self) -> SessionReader | None:
        if self._reader is None and self._path:
            from spawnscope.core.session.reader import SessionReader

            self._reader = SessionReader(self._path)
        return self._reader
