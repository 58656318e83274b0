"""The processes of a recorded session as they stood at one moment of it.

final rows --row_at(moment, last sample before it)--> rows of that moment

What had not started yet is no row of that moment; what has ended since lives.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from ..vocabulary.events import Sample
from .process_change import Change
from .process_filter import ProcessFilter
from .process_row import ProcessRow
from .process_table import ProcessTable


def row_at(row: ProcessRow, time_ns: int, sample: Sample | None) -> ProcessRow:
    """How `row`, as the session left it, stood at `time_ns` (Unix time). `sample`: the last one of
    the process up to then. What it was doing then is known only for the end."""
    ended = row.ended_ns is not None and row.ended_ns <= time_ns
    if not ended:
        row = replace(
            row,
            ended_ns=None,
            exit_code=None,
            signal=None,
            outcome="",
            lost=False,
            doing=(),
            holding=(),
            held=(),
        )
    if sample is None:
        return replace(row, sampled_ns=0, cpu_percent=None, rss_bytes=None, threads=None, fds=None)
    return replace(
        row,
        sampled_ns=sample.time_ns,
        cpu_percent=sample.cpu_percent,
        rss_bytes=sample.rss_bytes,
        threads=sample.threads,
        fds=sample.fds,
        sampled_status=sample.status,
        cpu_history=(),
    )


def rows_at(
    rows: Iterable[ProcessRow], time_ns: int, samples: Mapping[int, Sample]
) -> dict[int, ProcessRow]:
    """All of them at that moment, by number; `samples`: the last of each process up to it."""
    return {row.number: row_at(row, time_ns, samples.get(row.number)) for row in rows}


class StartedBy(ProcessFilter):
    """Another filter's rows, as far as they had started at `time_ns`."""

    def __init__(self, other: ProcessFilter, time_ns: int) -> None:
        super().__init__()
        self.text = other.text
        self.fields = other.fields | {"started_ns"}
        self._tests = [*other.tests, lambda row: row.started_ns <= time_ns]


class ShownMoment:
    """Which moment of a past session a table shows: none at first, which is its end."""

    def __init__(self) -> None:
        self.time_ns: int | None = None
        self._final: dict[int, ProcessRow] = {}  # the rows at the end, while another is shown

    def show(
        self, table: ProcessTable, time_ns: int | None, samples: Mapping[int, Sample]
    ) -> list[Change]:
        """Bring `table` to that moment; says what has changed."""
        if self.time_ns is None:
            self._final = {row.number: row for row in table}
        self.time_ns = time_ns
        final = self._final
        return table.replace_rows(
            final if time_ns is None else rows_at(final.values(), time_ns, samples)
        )

    def clock(self) -> int:
        """The time for which durations are shown."""
        return time.time_ns() if self.time_ns is None else self.time_ns

    def filter(self, wanted: ProcessFilter) -> ProcessFilter:
        """`wanted`, and only what had started by then."""
        return wanted if self.time_ns is None else StartedBy(wanted, self.time_ns)
