"""Which picture and which colour stand for a finding, and when it was, in words."""

from __future__ import annotations

from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.findings import Finding, Severity

from .text.clock import clock_text
from .text.span import duration_text

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


def lasting_ns(finding: Finding, store: Store) -> int:
    """How long it has been so: until it was resolved, or until all that it concerns had ended."""
    until = finding.resolved_ns
    if until is None:
        rows = [store.processes.get(number) for number in finding.processes]
        ends = [None if row is None else row.ended_ns for row in rows]
        known = [end for end in ends if end is not None]
        until = max(known) if known and len(known) == len(ends) else store.now_ns()
    return max(0, until - finding.since_ns)


def when_text(finding: Finding, store: Store) -> str:
    """Since when, and for how long."""
    span = lasting_ns(finding, store)
    if span >= 10 * _SECOND or finding.resolved_ns is not None:
        time = duration_text(span)
    else:  # it goes on: fractions would only flicker
        time = f"{span // _SECOND} s"
    begin = clock_text(finding.since_ns)
    if finding.resolved_ns is not None:
        end = clock_text(finding.resolved_ns)
        return tr("resolved at {end}, after {time}", end=end, time=time)
    return tr("since {begin}, for {time}", begin=begin, time=time)
