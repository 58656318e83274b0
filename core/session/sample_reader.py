"""Reading samples: those of a process, the last of each, what they were at a moment."""

from __future__ import annotations

from types import GenericAlias

from ..vocabulary.events import Sample
from .row_types import Number
from .series import Series
from .session_file import SessionFile
from .tables import PROCESS, SAMPLE

_PROCESS = Sample.__struct_fields__.index("process") + 1  # in a row: its number comes first
_SERIES = Series(SAMPLE, "process", ("cpu_percent", "rss_bytes"), highest=True)


class SampleReader:
    """The part of SessionReader for samples. All methods raise SessionError. Figures that the
    version of the file does not have are their fields' defaults."""

    def __init__(self, file: SessionFile) -> None:
        self._file = file
        there = SAMPLE.of(file.version).columns | {"pid": PROCESS.columns["pid"]}
        names = [name for name in ("id", *Sample.__struct_fields__) if name in there]
        self._row = GenericAlias(tuple, tuple(there[name].kind for name in names))
        # Who has a number has a pid, but for that of a file from elsewhere.
        cells = ("coalesce(p.pid, 0)" if name == "pid" else f"s.{name}" for name in names)
        # The rest of the statement joins sample s, process p.
        self._select = f"SELECT {', '.join(cells)} FROM"

    def of(self, process: int, since_ns: int = 0, limit: int = 1000) -> list[Sample]:
        """The first `limit` samples of a process from `since_ns` on, oldest first."""
        rows = self._file.rows(
            self._row,
            f"{self._select} sample s LEFT JOIN process p ON p.process = s.process "
            "WHERE s.process = ? AND s.time_ns >= ? ORDER BY s.time_ns, s.id LIMIT ?",
            (process, since_ns, limit),
        )
        return [Sample(*row[1:]) for row in rows]

    def last(self) -> dict[int, Sample]:
        """The last sample of each process that has one, by number of process."""
        rows = self._file.rows(
            self._row,
            f"{self._select} process p JOIN sample s ON s.id = (SELECT id FROM sample "
            "WHERE process = p.process ORDER BY time_ns DESC, id DESC LIMIT 1)",
        )
        return {row[_PROCESS]: Sample(*row[1:]) for row in rows}

    def after(self, row: int, limit: int = 1000) -> list[tuple[int, Sample]]:
        """Samples of all processes as they were noted, with their row; from behind `row` on."""
        rows = self._file.rows(
            self._row,
            f"{self._select} sample s LEFT JOIN process p ON p.process = s.process "
            "WHERE s.id > ? ORDER BY s.id LIMIT ?",
            (row, limit),
        )
        return [(row[0], Sample(*row[1:])) for row in rows]

    def last_row(self, process: int | None = None) -> int:
        """The row of the sample noted last (of a process); 0 if there is none."""
        where, which = ("", ()) if process is None else (" WHERE process = ?", (process,))
        statement = f"SELECT coalesce(max(id), 0) FROM sample{where}"
        return int(self._file.rows(tuple[Number], statement, which)[0][0])

    def at(self, time_ns: int) -> dict[int, Sample]:
        """The last sample of each process that had one at a moment, by number of process; of ended
        ones too."""
        rows = self._file.rows(
            self._row,
            f"{self._select} process p JOIN sample s ON s.id = (SELECT id FROM sample WHERE "
            "process = p.process AND time_ns <= ? ORDER BY time_ns DESC, id DESC LIMIT 1)",
            (time_ns,),
        )
        return {row[_PROCESS]: Sample(*row[1:]) for row in rows}

    def series(
        self, process: int, start_ns: int, end_ns: int, points: int
    ) -> list[tuple[int, float, int]]:
        """(time_ns, cpu_percent, rss_bytes) of a process: its last sample at `start_ns`, then for
        each of `points` equal parts up to `end_ns` with a sample the time of the last one and the
        highest values, so that no peak is lost."""
        return _SERIES.read(self._file, process, start_ns, end_ns, points)
