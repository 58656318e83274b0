"""The operations on one shared object, read from the session's file as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .operation_model import MOST

if TYPE_CHECKING:
    from spawnscope.core.session.reader import SessionReader
    from spawnscope.core.vocabulary.operation import Operation


class OperationSource:
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

    def newest(self, number: int, after_id: int) -> list[tuple[int, Operation]]:
        """The operations on an object behind `after_id`, at most as many as can be shown, and
        then the newest. Raises SessionError."""
        if self._reader is None:
            if not self._path:
                return []
            from spawnscope.core.session.reader import SessionReader

            self._reader = SessionReader(self._path)
        return self._reader.operations(number, after_id, MOST, newest=True)
