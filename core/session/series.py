"""How something went from one moment to another: what held at first, then the rows since, thinned
to so many points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .session_file import SessionFile
from .tables import Table

_IN_FORCE = (
    "SELECT time_ns, {values} FROM {table} WHERE {key} = ? AND time_ns <= ? "
    "ORDER BY time_ns DESC LIMIT 1"
)
_PARTS = (
    "SELECT max(time_ns), {values} FROM {table} WHERE {key} = ? AND time_ns > ? "
    "AND time_ns <= ? GROUP BY (time_ns - ?) / ? ORDER BY 1"
)


class Series:
    """Rows of a table: the time, and `columns`; of a part of the time those of its last row, or the
    `highest` of each. `key`: the column that says of whom."""

    def __init__(
        self, table: Table, key: str, columns: Sequence[str], highest: bool = False
    ) -> None:
        self._kind = table.kind("time_ns", *columns)
        of_part = [f"max({column})" for column in columns] if highest else columns
        self._in_force = _IN_FORCE.format(values=", ".join(columns), table=table.name, key=key)
        self._parts = _PARTS.format(values=", ".join(of_part), table=table.name, key=key)

    def read(
        self, file: SessionFile, number: int, start_ns: int, end_ns: int, points: int
    ) -> list[Any]:
        """The row in force at `start_ns`, then one for each of `points` equal parts up to `end_ns`
        that has any."""
        width = max(1, -(-(end_ns - start_ns) // max(1, points)))
        which = (number, start_ns, end_ns, start_ns + 1, width)
        return file.rows(self._kind, self._in_force, (number, start_ns)) + file.rows(
            self._kind, self._parts, which
        )
