"""A report as Markdown, as GitHub and others show it.

Text from a program is escaped where it stands in a line, so that it makes no emphasis, link, tag,
table or heading; several lines stand in a fence that is longer than any run of backticks in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..sentences.severity import severity_word
from ..translation import tr, trn
from ..vocabulary.findings import FINDINGS, PYTHON_DOCS
from .content import Report, ReportFact, Stack, Told

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#+!|~&$@^=]|:(?=[/a-z+-])|(?<=www)\.|^-", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d+)([.)])")
_RUN = re.compile("`+")


def markdown_page(report: Report) -> str:
    """The page."""
    return "\n".join(_lines(report)) + "\n"


def _text(text: str) -> str:
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", text.strip(" ")))


def _fenced(lines: Iterable[str]) -> Iterator[str]:
    kept = list(lines)
    longest = max((len(run) for line in kept for run in _RUN.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text"
    yield from kept
    yield fence


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(map(_text, heads))} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield f"| {' | '.join(map(_text, row))} |"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {_text(report.title)}"
    yield ""
    yield _text(report.facts)
    yield from _head(tr("Findings"))
    if not report.findings:
        yield _text(tr("Nothing was found to be wrong."))
    for told in report.findings:
        yield from _finding(told)
    yield from _head(tr("Processes"))
    yield from _fenced(
        f"{'  ' * min(one.depth, 20)}{one.name}  {tr('PID {pid}', pid=one.pid)}  {one.about}  "
        f"{one.end}"
        for one in report.tree
    )
    if report.more_processes:
        yield ""
        yield trn("and {count} more", "and {count} more", report.more_processes)
    if report.stacks:
        yield from _head(tr("Python stacks when it was ended"))
        for each in report.stacks:
            yield from _stack(each)
    if report.wiring.lines:
        yield from _head(tr("Wiring"))
        yield from _table(
            (tr("process"), tr("shared object"), tr("does")),
            ((line.process, line.object, line.does) for line in report.wiring.lines),
        )
    if report.talks:
        yield from _head(tr("Last messages"))
        for talk in report.talks:
            yield f"**{_text(talk.process)}**"
            yield ""
            yield from _fenced(line for line, _ in talk.lines)
            yield ""


def _head(title: str) -> Iterator[str]:
    yield ""
    yield f"## {_text(title)}"
    yield ""


def _finding(told: Told) -> Iterator[str]:
    one = told.finding
    word = severity_word(one.severity)
    if one.resolved_ns is not None:
        word = f"{word}, {tr('resolved')}"
    yield f"### {_text(word)} {_text(one.code)}: {_text(one.title)}"
    yield ""
    yield _text(one.explanation)
    yield ""
    yield from _facts(tr("Evidence"), told.evidence)
    yield from _facts(tr("Because of this"), told.symptoms)
    if one.advice:
        yield f"**{_text(tr('What to do'))}** {_text(one.advice)}"
        yield ""
    kind = FINDINGS.get(one.code)
    if kind is not None:
        yield f"[{_text(tr('Python’s documentation'))}](<{PYTHON_DOCS}{kind.python}>)"
        yield ""


def _facts(title: str, facts: Sequence[ReportFact]) -> Iterator[str]:
    if not facts:
        return
    yield f"**{_text(title)}**"
    yield ""
    for fact in facts:
        site = f" ({_text(fact.site)})" if fact.site else ""
        yield f"- {_text(fact.process)}: {_text(fact.text)}{site}"
    yield ""


def _stack(one: Stack) -> Iterator[str]:
    yield f"**{_text(one.process)}**"
    yield ""
    if one.why:
        yield _text(one.why)
    if one.threads:
        lines: list[str] = []
        for name, calls in one.threads:
            lines.append(name)
            lines += [f"  {function}  {place}" for function, place, _ in calls]
        yield from _fenced(lines)
    yield ""
