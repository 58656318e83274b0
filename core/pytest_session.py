"""The processes below one, and what was found about them, as a session's file tells it now."""

from __future__ import annotations

from collections.abc import Iterator

from .observe.stacks import Living
from .sentences.outcome import named, outcome
from .session.reader import SessionReader
from .session.records import ProcessRecord
from .store.findings import by_weight, printable_finding
from .vocabulary.events import HELPERS, ProcessChanged, ProcessStarted
from .vocabulary.findings import Finding, Severity

_SLACK_NS = 30_000_000  # by which the kernel's time of a start may be early
_JUST_NS = 100_000_000  # who ends so soon after a test was ending with it


class TestProcesses:
    """The process `pid` and all below it. Times are Unix time, ns."""

    __test__ = False

    def __init__(self, records: list[ProcessRecord], findings: list[Finding], pid: int) -> None:
        own = {record.started.process for record in records if record.started.pid == pid}
        below: set[int] = set()
        for record in records:  # parents come first
            if record.started.parent in own | below:
                below.add(record.started.process)
        self._own = own
        self._records = [
            record
            for record in records
            if record.started.process in below and _now(record).role not in HELPERS
        ]
        self._findings = findings

    def findings(self, begin_ns: int) -> list[Finding]:
        """What is wrong about those that were started since then, the worst first; no hints."""
        since = {record.started.process for record in self._since(begin_ns)}
        return by_weight(
            one
            for one in self._findings
            if one.severity is not Severity.HINT
            and one.since_ns >= begin_ns - _SLACK_NS
            and (since & _concerned(one) or (since and self._own & set(one.processes)))
        )

    def living(self, begin_ns: int) -> list[Living]:
        """Those that were started since then and live."""
        return [
            Living(_now(record).name, record.started.pid, record.started.time_ns)
            for record in self._since(begin_ns)
            if record.exited is None
        ]

    def failures(self, begin_ns: int) -> Iterator[str]:
        """A sentence on each that was started since then and has failed."""
        for record in self._since(begin_ns):
            name = named(_now(record).name, record.started.pid)
            ended = record.exited
            if ended is None:
                continue
            if ended.exit_code != 0 and ended.terminated_by is None:
                yield f"{name}: {outcome(ended)}"

    def left_behind(self, pids: frozenset[int], end_ns: int) -> list[str]:
        """Those of these children that lived on at this time."""
        return [
            named(_now(record).name, record.started.pid)
            for record in self._records
            if record.started.pid in pids
            and record.started.time_ns <= end_ns
            and (record.exited is None or record.exited.time_ns > end_ns + _JUST_NS)
        ]

    def _since(self, begin_ns: int) -> Iterator[ProcessRecord]:
        for record in self._records:
            ended = record.exited  # its time is exact
            if record.started.time_ns >= begin_ns - _SLACK_NS and (
                ended is None or ended.time_ns >= begin_ns
            ):
                yield record


def read_processes(path: str, pid: int) -> TestProcesses:
    """What the file at `path` says now. Raises SessionError."""
    reader = SessionReader(path)
    try:
        return TestProcesses(
            reader.processes.all(), list(map(printable_finding, reader.findings())), pid
        )
    finally:
        reader.close()


def _now(record: ProcessRecord) -> ProcessChanged | ProcessStarted:
    return record.changed or record.started


def _concerned(finding: Finding) -> set[int]:
    facts = (*finding.evidence, *finding.symptoms)
    return {*finding.processes, *(fact.process for fact in facts)}
