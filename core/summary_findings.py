"""The findings in the summary of `record`: the root cause, then what waits because of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from .analysis.findings.afterwards import find_afterwards
from .plain_text import plain
from .sentences.severity import severity_word
from .store.session_store import SessionStore
from .telling import tell_fault
from .translation import tr, trn
from .vocabulary.findings import Evidence, Finding, Severity

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}
_MOST_SYMPTOMS = 3
FAILED_STATUS = 3
"""What `--fail-on` makes of findings."""


def findings_of(path: str) -> list[Finding]:
    """What was wrong in the session at `path`, the worst first. Raises SessionError."""
    store = SessionStore()
    store.load(path)
    try:
        return find_afterwards(store, tell_fault)
    finally:
        store.close()


def finding_lines(findings: Sequence[Finding]) -> Iterator[Text]:
    """The lines to print; none where nothing is wrong."""
    for finding in findings:
        word = severity_word(finding.severity)
        line = Text(f"{word} {finding.code}: ", style=_COLOURS[finding.severity])
        line.append(plain(finding.title), style="bold")
        if finding.resolved_ns is not None:
            line.append(f" ({tr('resolved')})", style="dim")
        yield line
        yield Text(f"  {plain(finding.explanation)}")
        for symptom in finding.symptoms[:_MOST_SYMPTOMS]:
            yield Text(f"  {tr('Because of this: {what}', what=_waits(symptom))}", style="dim")
        more = len(finding.symptoms) - _MOST_SYMPTOMS
        if more > 0:
            yield Text(f"  {trn('and {count} more wait', 'and {count} more wait', more)}")
        yield Text(f"  {plain(finding.advice)}", style="green")


def is_failure(findings: Sequence[Finding], fail_on: str | None) -> bool:
    """Whether something that was not resolved is as bad as `fail_on`, "error" or "warning"."""
    if fail_on is None:
        return False
    worst = Severity(fail_on).rank
    return any(one.resolved_ns is None and one.severity.rank <= worst for one in findings)


def _waits(one: Evidence) -> str:
    place = f" ({one.site})" if one.site else ""
    return plain(f"{one.text}{place}")
