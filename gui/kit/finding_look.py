"""Which picture and which colour stand for a finding, and when it was, in words."""

from __future__ import annotations

from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.findings import Finding, Severity

from .text.clock import clock_text
from .text.span import duration_text, span_text

_LOOKS = {
    Severity.ERROR: ("error", "bad"),
    Severity.WARNING: ("alert", "warning"),
    Severity.HINT: ("hint", "accent"),
}
_SECOND = 1_000_000_000


def finding_look(finding: Finding) -> tuple[str, str]:
    """(name of the icon, meaning of its colour in the theme)."""
    return ("resolved", "muted") if finding.resolved_ns is not None else _LOOKS[finding.severity]


def severity_ink(severity: Severity) -> str:
    """The meaning of its colour in the theme."""
    return _LOOKS[severity][1]


def fault_count(store: Store) -> int:
    """How many errors and warnings stand, in the scope."""
    return len(_faults(store))


def fault_ink(store: Store) -> str:
    """The meaning of the colour of the worst of them; "" for none."""
    worst = min(_faults(store), key=lambda one: one.rank, default=None)
    return "" if worst is None else severity_ink(worst)


def _faults(store: Store) -> list[Severity]:
    return [
        one.severity
        for one in store.shown_findings()
        if one.resolved_ns is None and one.severity is not Severity.HINT
    ]


def end_ns(finding: Finding, store: Store) -> int | None:
    """Until when it was so: until it was resolved, or all that it concerns had ended; None while it
    goes on."""
    if finding.resolved_ns is not None:
        return finding.resolved_ns
    rows = [store.processes.get(number) for number in finding.processes]
    ends = [row.ended_ns for row in rows if row is not None and row.ended_ns is not None]
    return max(ends) if ends and len(ends) == len(rows) else None


def when_text(finding: Finding, store: Store) -> str:
    """Since when, and for how long; or when it was, where all that it concerns has ended."""
    end = end_ns(finding, store)
    span = max(0, (end or store.now_ns()) - finding.since_ns)
    time = so_far(span, end is None and store.moves)
    begin = clock_text(finding.since_ns)
    if finding.resolved_ns is not None:
        return tr("resolved at {end}, after {time}", end=clock_text(finding.resolved_ns), time=time)
    if end is None:
        return tr("since {begin}, for {time}", begin=begin, time=time)
    if span < _SECOND:  # it concerns what was the end of all
        return tr("at {begin}", begin=begin)
    return tr("at {begin}, for {time} until its end", begin=begin, time=time)


def so_far(span_ns: int, goes_on: bool) -> str:
    """A length of time; of one that goes on in whole seconds, as fractions would only flicker."""
    if goes_on and span_ns < 10 * _SECOND:
        return f"{span_ns // _SECOND} s"
    return duration_text(span_ns) if span_ns >= _SECOND else span_text(span_ns)
