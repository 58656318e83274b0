"""What the parts of a session's reader have in common.

SessionReader <-- SharedReader <-- OperationReader, HistoryReader <-- TableReader
"""

from __future__ import annotations

from typing import Any


class TableReader:
    """Rows of the tables of a session. `version`: of its format."""

    version: int

    def __init__(self) -> None:
        self._texts = [""]  # by id, without gaps

    def _read_texts(self) -> None:
        """Read the texts that are new; before rows that name some are decoded."""
        rows = self._rows(
            "SELECT id, text FROM text WHERE id >= ? ORDER BY id", (len(self._texts),)
        )
        with self._checking():
            for number, text in rows:
                if number != len(self._texts):
                    raise ValueError(f"text {len(self._texts)} is missing")
                self._texts.append(text)

    def _rows_of_2(self, statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Rows of a table that came with version 2."""
        return self._rows(statement, parameters) if self.version >= 2 else []

    def _rows_of_3(self, statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Rows of a table that came with version 3."""
        return self._rows(statement, parameters) if self.version >= 3 else []

    def _rows(self, statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        raise NotImplementedError

    def _checking(self) -> Any:
        """In this context, what a damaged file leads to becomes a SessionError."""
        raise NotImplementedError

    def _define_function(self, name: str, function: Any) -> None:
        """Let statements call a function of two values."""
        raise NotImplementedError
