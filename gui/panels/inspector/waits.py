"""The card that tells what each thread waits for, and who could end that wait."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout

from spawnscope.core.analysis.waits.relation_words import does
from spawnscope.core.analysis.waits.situation import how_it_ended
from spawnscope.core.analysis.waits.wait import Party, State, Verdict, Wait
from spawnscope.core.translation import mark, tr, trn
from spawnscope.core.vocabulary.findings import Finding
from spawnscope.core.vocabulary.kinds import MAIN_THREAD, Relation

from ...kit.finding_look import severity_ink
from ...kit.links import process_link
from ...kit.markup import NOTHING, Markup, bold, inked, joined, markup, muted
from ...kit.rich_label import RichLabel
from ...kit.style import theme
from .card import Card
from .faults import fault_markup
from .markup import HOLE, deed_markup, site_markup, told_of
from .source import Look
from .text import rough

_DEEPEST = 6  # waits within one another that are shown
_INDENT = 18  # px
_MEANINGS = {
    Verdict.DEADLOCK: "bad", Verdict.NOBODY: "bad", Verdict.PAUSED: "warning",
    Verdict.UNKNOWN: "warning", Verdict.LATER: "text", Verdict.OPEN: "text",
}  # fmt: skip
_STATES = {  # of who could end a wait, as what follows a name
    State.FREE: (mark("runs"), "good"),
    State.WAITS: (mark("waits itself"), "warning"),
    State.SUSPENDED: (mark("is suspended"), "warning"),
    State.ENDED: (mark("has ended"), "muted"),
    State.ITSELF: (mark("is the one that waits"), "bad"),
    State.UNSEEN: (mark("is not instrumented"), "muted"),
    State.IDLE: (mark("is in no task"), "muted"),
    State.SENDS: (mark("has not sent all that it put"), "warning"),
}
_BARS = {Verdict.LATER: "border", Verdict.OPEN: "good"}


class WaitsCard(Card):
    """See the module."""

    def __init__(self) -> None:
        super().__init__(tr("Waits for"), "lock")
        self.blocks: list[_Block] = []

    def show_look(self, look: Look) -> None:
        """Show this; hidden while nothing waits."""
        waits = look.inspection.waits
        live = look.inspection.is_live
        self.set_title(tr("Waits for") if live else tr("Waited for, at its end"))
        while len(self.blocks) < len(waits):
            block = _Block()
            self.connect_links(block.text)
            self.blocks.append(block)
            self.body.addWidget(block)
        for place, block in enumerate(self.blocks):
            block.setVisible(place < len(waits))
            if place < len(waits):
                block.show_wait(look, waits[place], alone=len(waits) == 1)
        self.setVisible(bool(waits))


class _Block(QFrame):
    """One wait, with a bar at its left in the colour of its verdict."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("waitBlock")
        self.text = RichLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE + 2, 0, 0, 0)
        layout.addWidget(self.text)

    def show_wait(self, look: Look, wait: Wait, alone: bool) -> None:
        """Show this."""
        colors = theme.current()
        finding = look.concerned.of_wait(wait.process, wait.deed)
        meaning = _MEANINGS[wait.verdict]
        ink = _BARS.get(wait.verdict, meaning)
        if finding is not None:
            ink = severity_ink(finding.severity)
        bar = getattr(colors, ink)
        sheet = f"QFrame#waitBlock {{ border: none; border-left: 3px solid {bar}; }}"
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
        deed = wait.deed
        alone &= wait.thread == MAIN_THREAD
        who = NOTHING if alone else markup("{}: ", bold(wait.thread))
        span = rough(deed.elapsed_ns(look.inspection.now_ns))
        lasting = (
            tr("{operation} for {time}", operation=HOLE, time=span)
            if span
            else tr("{operation} for less than 1 s", operation=HOLE)
        )
        head = markup("{}{}", who, told_of(lasting, deed_markup(look.situation, deed)))
        if deed.site:
            head = markup("{} &nbsp;{}", head, site_markup(deed.site))
        if finding is not None:  # one analysis, the same words
            words = fault_markup(finding, _follows(finding, wait))
        else:
            words = inked(wait.sentence, meaning)
            words = bold(words) if wait.verdict.is_bad else words
        lines = [_paragraph(head, 0), _paragraph(words, 0)]
        lines += _party_lines(look, wait, 0)
        self.text.tell(joined(lines))


def _follows(finding: Finding, wait: Wait) -> bool:
    """Whether this wait is none of those that a finding rests on, but waits because of them."""
    return all(
        (fact.process, fact.thread) != (wait.process, wait.thread) for fact in finding.evidence
    )


def _party_lines(look: Look, wait: Wait, depth: int) -> list[Markup]:
    lines = []
    for party in wait.parties:
        lines.append(_paragraph(_party_text(look, party), depth + 1))
        if party.wait is not None and depth < _DEEPEST:
            lines += _party_lines(look, party.wait, depth + 1)
    if wait.more:
        more = trn("and {count} more", "and {count} more", wait.more)
        lines.append(_paragraph(muted(more), depth + 1))
    return lines


def _party_text(look: Look, party: Party) -> Markup:
    row = look.situation.processes.get(party.process)
    thread = f", {party.thread}" if party.thread not in ("", MAIN_THREAD) else ""
    name = markup("{}{}", process_link(row, party.process), thread)
    text = told_of(does(party.relation, HOLE, 1), name)
    if party.count and party.relation is not Relation.HOLDS:
        so_far = trn("({count} so far)", "({count} so far)", party.count)
        text = markup("{} {}", text, muted(so_far))
    if party.state is State.ENDED and row is not None:
        state = how_it_ended(row)
        return markup("{}: {}", text, inked(state, "bad" if row.has_failed else "muted"))
    if party.state is State.WAITS and party.wait is not None:
        deed = party.wait.deed
        span = rough(deed.elapsed_ns(look.inspection.now_ns))
        is_in = (
            tr("is in {operation} for {time}", operation=HOLE, time=span)
            if span
            else tr("is in {operation} for less than 1 s", operation=HOLE)
        )
        inside = deed_markup(look.situation, deed)
        return markup("{}: {}", text, told_of(is_in, inside, "muted", "warning"))
    if party.told:
        return markup("{}: {}", text, inked(tr("waits itself, as above"), "warning"))
    state, meaning = _STATES[party.state]
    return markup("{}: {}", text, inked(tr(state), meaning))


def _paragraph(text: Markup, depth: int) -> Markup:
    left = depth * _INDENT
    return markup('<p style="margin:3px 0 3px {}px; line-height:112%">{}</p>', left, text)
