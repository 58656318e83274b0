"""What the parts of a session's reader have in common.

SessionReader <-- SharedReader <-- WaitReader <-- OperationReader, HistoryReader <-- TableReader
"""

from __future__ import annotations

from typing import Any

from .row_types import Number, Shared
from .session_file import Checking, SessionFile


class TableReader:
    """Rows of the tables of a session."""

    def __init__(self, file: SessionFile) -> None:
        self._file = file
        self._open = True
        self.version = file.version
        """Of its format."""
        self._texts = [""]  # by id, without gaps

    def _read_texts(self) -> None:
        """Read the texts that are new; before rows that name some are decoded."""
        rows = self.rows(
            tuple[Number, Shared],
            "SELECT id, text FROM text WHERE id >= ? ORDER BY id",
            (len(self._texts),),
        )
        with self._checking():
            for number, text in rows:
                if number != len(self._texts):
                    raise ValueError(f"text {len(self._texts)} is missing")
                self._texts.append(text)

    def rows(
        self, kind: object, statement: str, parameters: tuple[Any, ...] = (), since: int = 1
    ) -> list[Any]:
        """Rows of a table, each of `kind` (see SessionFile); none in a session from before
        version `since`, which the table came with."""
        return self._file.rows(kind, statement, parameters) if self.version >= since else []

    def _checking(self) -> Checking:
        """In this context, what a damaged file leads to becomes a SessionError."""
        return self._file.checking()
