"""A finding as plain text: a line of the list, and all of it for the clipboard."""

from __future__ import annotations

from spawnscope.core.sentences.severity import severity_word
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr, trn
from spawnscope.core.vocabulary.findings import Evidence, Finding

from ...kit.finding_look import when_text
from ...kit.row_text import thread_name

_MOST = 3  # processes that a line names


def people_text(finding: Finding, store: Store) -> str:
    """The processes that it is about, by their names; "" where it is about none."""
    rows = [store.processes.get(number) for number in finding.processes]
    names = [row.label for row in rows if row is not None]
    more = len(names) - _MOST
    return ", ".join([*names[:_MOST], *([f"+{more}"] if more > 0 else [])])


def line_text(finding: Finding, store: Store) -> str:
    """All that a line of the list says."""
    parts = (finding.title, when_text(finding, store), people_text(finding, store))
    word = severity_word(finding.severity)
    return f"{word}: {'; '.join(filter(None, parts))}"


def fact_text(fact: Evidence, store: Store) -> str:
    """A fact in a line: who is in what, and where."""
    who = thread_name(store.processes, (fact.process, fact.thread))
    place = f" ({fact.site})" if fact.site else ""
    return f"{who}: {fact.text}{place}"


def because_text(finding: Finding) -> str:
    """The line above what follows from it."""
    if not finding.evidence:
        return tr("Because of this:")
    return trn(
        "Because of this, {count} more waits:", "Because of this, {count} more wait:",
        len(finding.symptoms),
    )  # fmt: skip


def whole_text(finding: Finding, store: Store) -> str:
    """All of it, in lines."""
    word = severity_word(finding.severity)
    lines = [f"{word} {finding.code}: {finding.title}", when_text(finding, store), ""]
    lines += [finding.explanation, ""]
    lines += [f"- {fact_text(fact, store)}" for fact in finding.evidence]
    if finding.symptoms:
        lines.append(because_text(finding))
        lines += [f"  - {fact_text(fact, store)}" for fact in finding.symptoms]
    if lines[-1]:
        lines.append("")
    lines.append(tr("What can I do? {advice}", advice=finding.advice))
    return "\n".join(lines)
