"""The processes of a recorded session as they stood at one moment of it.

session file --MomentFacts.read--> samples, doing --.
final rows ----------------------------------------+--row_at--> rows of that moment

What had not started yet is no row of that moment; what has ended since lives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from ..analysis.process_filter import ProcessFilter
from ..printable import printable
from ..vocabulary.events import Sample
from ..vocabulary.operation import Operation
from .change import Change
from .doing import Deed, deeds
from .objects import ObjectTable
from .process_row import ProcessRow
from .processes import ProcessTable


class MomentFacts(NamedTuple):
    """What the file tells of a moment, by process: the last sample up to then, and which
    operations its threads waited in."""

    samples: Mapping[int, Sample]
    doing: Mapping[int, tuple[Deed, ...]]

    @classmethod
    def read(cls, path: str, time_ns: int, objects: ObjectTable) -> MomentFacts:
        """Read them from a session file. Raises SessionError."""
        from ..session.reader import SessionReader

        reader = SessionReader(path)
        try:
            doing = {
                process: deeds(map(_deed, waits), objects)
                for process, waits in reader.waits.at(time_ns).items()
            }
            return cls(reader.samples.at(time_ns), doing)
        finally:
            reader.close()


NO_FACTS = MomentFacts({}, {})


def _deed(one: Operation) -> Deed:
    return Deed(one.thread, one.operation, one.object or None, one.start_ns, one.site, one.text, "")


def row_at(row: ProcessRow, time_ns: int, facts: MomentFacts) -> ProcessRow:
    """How `row`, as the session left it, stood at `time_ns` (Unix time). What had not started by
    then is left as it is: it does not live."""
    if row.started_ns > time_ns and not row.is_live:
        return row
    ended = row.ended_ns is not None and row.ended_ns <= time_ns
    if not ended:
        # What it died in, it was in already; what it did in between stands in the operations.
        doing = tuple(deed for deed in row.doing if deed.since_ns <= time_ns)
        row = replace(
            row,
            ended_ns=None,
            exit_code=None,
            signal=None,
            terminated_by=None,
            outcome="",
            lost=False,
            doing=facts.doing.get(row.number, ()) + doing,
            holding=(),
            held=(),
        )
    sample = facts.samples.get(row.number)
    if sample is None:
        return replace(row, sampled_ns=0, cpu_percent=None, rss_bytes=None, threads=None, fds=None)
    return replace(
        row,
        sampled_ns=sample.time_ns,
        cpu_percent=sample.cpu_percent,
        rss_bytes=sample.rss_bytes,
        threads=sample.threads,
        fds=sample.fds,
        sampled_status=printable(sample.status),
        cpu_history=(),
    )


class StartedBy(ProcessFilter):
    """Another filter's rows, as far as they had started at `time_ns`."""

    def __init__(self, other: ProcessFilter, time_ns: int) -> None:
        super().__init__()
        self.text = other.text
        self.fields = other.fields | {"started_ns"}
        self._tests = [*other.tests, lambda row: row.started_ns <= time_ns]


class ShownMoment:
    """Which moment of a past session a table shows: none at first, which is its end."""

    def __init__(self, objects: ObjectTable) -> None:
        self._clock = objects.clock
        self.time_ns: int | None = None
        self._final: dict[int, ProcessRow] = {}  # the rows at the end, while another is shown

    def show(
        self, table: ProcessTable, time_ns: int | None, facts: MomentFacts = NO_FACTS
    ) -> list[Change]:
        """Bring `table` to that moment; says what has changed."""
        if self.time_ns is None:
            self._final = {row.number: row for row in table}
        self.time_ns = time_ns
        rows = self._final
        if time_ns is not None:
            rows = {number: row_at(row, time_ns, facts) for number, row in rows.items()}
        return table.replace_rows(rows)

    def clock(self) -> int:
        """The time for which durations are shown."""
        return self._clock.now_ns() if self.time_ns is None else self.time_ns

    def filter(self, wanted: ProcessFilter) -> ProcessFilter:
        """`wanted`, and only what had started by then."""
        return wanted if self.time_ns is None else StartedBy(wanted, self.time_ns)
