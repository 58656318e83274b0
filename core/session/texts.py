"""The texts that rows name by number; each is in the file once."""

from __future__ import annotations

from .row_types import Number, Shared
from .session_file import SessionFile

_NEW = "SELECT id, text FROM text WHERE id >= ? ORDER BY id"


class SessionTexts:
    """What has been read of them, which is kept."""

    def __init__(self, file: SessionFile) -> None:
        self._file = file
        self._texts = [""]  # by id, without gaps

    def read(self) -> list[str]:
        """All there are by now, by number; before rows that name some are decoded. Raises
        SessionError."""
        texts = self._texts
        rows = self._file.rows(tuple[Number, Shared], _NEW, (len(texts),), since=2)
        with self._file.checking():
            for number, text in rows:
                if number != len(texts):
                    raise ValueError(f"text {len(texts)} is missing")
                texts.append(text)
        return texts
