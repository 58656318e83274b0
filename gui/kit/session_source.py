"""A session file that is opened when something is first read from it, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spawnscope.core.session.reader import SessionReader


class SessionSource:
    """What the sources of the panels have in common; each is used by the window's thread alone."""

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

    def _opened(self) -> SessionReader | None:
        """The reader; None while there is no file. Raises SessionError."""
        if self._reader is None and self._path:
            from spawnscope.core.session.reader import SessionReader

            self._reader = SessionReader(self._path)
        return self._reader
