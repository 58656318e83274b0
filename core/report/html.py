"""A report as one HTML page: light or dark as its reader has it, no script, nothing from elsewhere.

Whatever a program may have called something goes through `_text`, and nothing else into the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from ..sentences.severity import severity_word
from ..translation import tr, trn
from ..vocabulary.findings import FINDINGS, PYTHON_DOCS
from .content import Branch, Report, ReportFact, Stack, Talk, Told
from .style import STYLE
from .svg import wiring_picture
from .wiring import Wiring

_MOST_OPEN = 3  # stacks that are unfolded at first


def html_page(report: Report) -> str:
    """The page."""
    return "\n".join(_lines(report)) + "\n"


def _text(text: str) -> str:
    return escape(text, quote=True)


def _lines(report: Report) -> Iterator[str]:
    policy = "default-src 'none'; style-src 'unsafe-inline'"  # untranslated: code
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_text(report.title)} – Spawnscope</title>"
    yield f"<style>{STYLE}</style></head><body><main>"
    yield f"<header><h1>{_text(report.title)}</h1><p>{_text(report.facts)}</p></header>"
    yield from _section(tr("Findings"), _findings(report.findings))
    yield from _section(tr("Processes"), _tree(report))
    if report.stacks:
        yield from _section(tr("Python stacks when it was ended"), _stacks(report.stacks))
    if report.wiring.lines:
        yield from _section(tr("Wiring"), _wiring(report.wiring))
    if report.talks:
        yield from _section(tr("Last messages"), _talks(report.talks))
    yield "</main></body></html>"


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"<section><h2>{_text(title)}</h2>"
    yield from lines
    yield "</section>"


def _findings(findings: Sequence[Told]) -> Iterator[str]:
    if not findings:
        yield f'<p class="good">{_text(tr("Nothing was found to be wrong."))}</p>'
    for told in findings:
        one = told.finding
        resolved = one.resolved_ns is not None
        word = severity_word(one.severity)
        if resolved:
            word = f"{word}, {tr('resolved')}"
        style = f"{one.severity.value}{' resolved' * resolved}"
        yield f'<article class="{style}"><p class="code"><b>{_text(word)}</b> {_text(one.code)}</p>'
        yield f"<h3>{_text(one.title)}</h3><p>{_text(one.explanation)}</p>"
        yield from _facts(tr("Evidence"), told.evidence)
        yield from _facts(tr("Because of this"), told.symptoms)
        if one.advice:
            yield f'<p class="advice"><b>{_text(tr("What to do"))}</b> {_text(one.advice)}</p>'
        kind = FINDINGS.get(one.code)
        if kind is not None:
            link = _text(PYTHON_DOCS + kind.python)
            yield f'<p class="more"><a href="{link}">{_text(tr("Python’s documentation"))}</a></p>'
        yield "</article>"


def _facts(title: str, facts: Sequence[ReportFact]) -> Iterator[str]:
    if not facts:
        return
    yield f"<h4>{_text(title)}</h4><ul>"
    for fact in facts:
        site = f" <code>{_text(fact.site)}</code>" if fact.site else ""
        yield f"<li>{_text(fact.process)}: {_text(fact.text)}{site}</li>"
    yield "</ul>"


def _tree(report: Report) -> Iterator[str]:
    yield '<div class="wide"><table class="tree">'
    for branch in report.tree:
        yield _branch(branch)
    yield "</table></div>"
    if report.more_processes:
        more = trn("and {count} more", "and {count} more", report.more_processes)
        yield f"<p>{_text(more)}</p>"


def _branch(one: Branch) -> str:
    style = ' class="concerned"' if one.concerned else ""
    return (
        f'<tr{style}><td style="padding-left:{8 + 20 * min(one.depth, 20)}px">{_text(one.name)}'
        f'</td><td class="figure">{one.pid}</td><td>{_text(one.about)}</td>'
        f'<td class="{one.ink}">{_text(one.end)}</td></tr>'
    )


def _stacks(stacks: Sequence[Stack]) -> Iterator[str]:
    for number, one in enumerate(stacks):
        is_open = " open" * (number < _MOST_OPEN)
        yield f"<details{is_open}><summary>{_text(one.process)}</summary>"
        if one.why:
            yield f"<p>{_text(one.why)}</p>"
        for name, calls in one.threads:
            yield f"<h4>{_text(name)}</h4><ol>"
            for function, place, own in calls:
                style = "" if own else ' class="library"'
                yield f"<li{style}>{_text(function)} <code>{_text(place)}</code></li>"
            yield "</ol>"
        yield "</details>"


def _wiring(wiring: Wiring) -> Iterator[str]:
    yield '<div class="wide">'
    yield from wiring_picture(wiring)
    yield "</div>"
    is_open = " open" * (not wiring.width)
    yield f"<details{is_open}><summary>{_text(tr('As a table'))}</summary>"
    yield '<div class="wide"><table>'
    heads = tr("process"), tr("shared object"), tr("does")
    yield f"<tr>{''.join(f'<th>{_text(each)}</th>' for each in heads)}</tr>"
    for line in wiring.lines:
        style = ' class="concerned"' if line.is_faulty else ""
        cells = "".join(
            f"<td>{_text(each)}</td>" for each in (line.process, line.object, line.does)
        )
        yield f"<tr{style}>{cells}</tr>"
    yield "</table></div></details>"


def _talks(talks: Sequence[Talk]) -> Iterator[str]:
    for talk in talks:
        lines = (
            f'<span class="stderr">{_text(line)}</span>' if is_error else _text(line)
            for line, is_error in talk.lines
        )
        yield f"<h4>{_text(talk.process)}</h4>"
        yield "<pre>" + "\n".join(lines) + "</pre>"
