"""What is wrong in a session, by number: each finding as it was last told.

Finding (new, updated, resolved) --apply()--> row, whole --> panels, summary
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from ..printable import LONGEST_SENTENCE, printable
from ..vocabulary.findings import Cure, Evidence, Finding

_LONGEST = 4 * LONGEST_SENTENCE  # of an explanation


class FindingTable:
    """See the module. Called by the store only, but for what asks."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._rows = {finding.finding: finding for finding in findings}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Finding]:
        """In the order in which they appeared."""
        return iter(self._rows.values())

    def get(self, number: int) -> Finding | None:
        """The finding of this number."""
        return self._rows.get(number)

    def apply(self, finding: Finding) -> None:
        """It is new, or something about it is."""
        self._rows[finding.finding] = finding

    def next_number(self) -> int:
        """The number of the next one."""
        return max(self._rows, default=0) + 1

    def standing(self) -> list[Finding]:
        """Those that are not resolved, the worst first, and the oldest of these."""
        return by_weight(one for one in self if one.resolved_ns is None)

    def at(self, time_ns: int) -> FindingTable:
        """Those that held at a moment, Unix time; none of them was resolved then."""
        return FindingTable(
            replace(one, resolved_ns=None)
            for one in self
            if one.since_ns <= time_ns and (one.resolved_ns is None or one.resolved_ns > time_ns)
        )


def by_weight(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first, and the oldest of these; what is resolved comes last."""
    return sorted(
        findings,
        key=lambda one: (
            one.resolved_ns is not None, one.severity.rank, one.since_ns, one.finding,
        ),
    )  # fmt: skip


def printable_finding(finding: Finding) -> Finding:
    """The same, from a file: nothing in it that is not seen."""
    return replace(
        finding,
        code=printable(finding.code),
        title=printable(finding.title, LONGEST_SENTENCE),
        explanation=printable(finding.explanation, _LONGEST),
        advice=printable(finding.advice, _LONGEST),
        evidence=tuple(map(_printable_evidence, finding.evidence)),
        symptoms=tuple(map(_printable_evidence, finding.symptoms)),
        cures=tuple(map(_printable_cure, finding.cures)),
        key=printable(finding.key, LONGEST_SENTENCE),
    )


def _printable_evidence(one: Evidence) -> Evidence:
    return replace(
        one,
        thread=printable(one.thread),
        operation=printable(one.operation),
        site=printable(one.site, LONGEST_SENTENCE),
        text=printable(one.text, LONGEST_SENTENCE),
    )


def _printable_cure(one: Cure) -> Cure:
    return replace(one, name=printable(one.name))
