"""What is wrong with the process, or because of it, in the words of the findings."""

from __future__ import annotations

from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.findings import Finding

from ...kit.finding_look import severity_ink
from ...kit.links import link
from ...kit.markup import Markup, bold, inked, joined, markup, muted, with_code
from .card import Card
from .source import Look


class FaultsCard(Card):
    """Names the errors and warnings about the process that are told of none of its waits; hidden
    while there are none."""

    def __init__(self) -> None:
        super().__init__(tr("What is wrong"), "findings")
        self.text = self.add_text()

    def show_look(self, look: Look) -> None:
        """Show this."""
        found = look.inspection
        told = {
            finding.finding
            for wait in found.waits
            if (finding := look.concerned.of_wait(wait.process, wait.deed)) is not None
        }
        number = found.row.number
        others = [
            one
            for one in look.concerned.standing
            if one.finding not in told and number in one.processes
        ]
        self.text.tell(joined(markup("<div>{}</div>", fault_markup(one)) for one in others))
        self.setVisible(bool(others))


def fault_markup(finding: Finding, follows: bool = False) -> Markup:
    """Its title and explanation, word for word, and a link to it. `follows`: it is told of who only
    waits because of it."""
    ink = severity_ink(finding.severity)
    title = bold(inked(finding.title, ink))
    if follows:
        title = markup("{} {}", muted(tr("Because of this:")), title)
    more = link(f"finding:{finding.finding}", tr("Show the finding"))
    return markup("{}<br>{} {}", title, with_code(finding.explanation), more)
