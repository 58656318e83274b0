"""The card that tells how the process started, and how it ended."""

from __future__ import annotations

from spawnscope.core.analysis.inspection import Inspection
from spawnscope.core.translation import tr

from ...kit.links import process_link
from ...kit.markup import (
    NOTHING,
    Markup,
    bold,
    escaped,
    inked,
    joined,
    listed,
    markup,
    markup_tr,
    muted,
    table,
)
from ...kit.text.clock import Clock
from .card import Card
from .markup import HOLE, object_link, told_of
from .source import Look
from .text import ending


class StoryCard(Card):
    """See the module."""

    def __init__(self) -> None:
        super().__init__(tr("How it started"), "clock")
        self.text = self.add_text()
        self.outcome = self.add_text()

    def show_look(self, look: Look) -> None:
        """Show this."""
        found = look.inspection
        row, clock = found.row, Clock()
        self.set_title(tr("How it started") if found.is_live else tr("How it started and ended"))
        rows = [[muted(tr("Started")), escaped(clock.text(row.started_ns)), _how(found)]]
        parts = []
        if not found.is_live and row.ended_ns is not None:
            rows.append([muted(tr("Ended")), escaped(clock.text(row.ended_ns)), NOTHING])
            parts.append(inked(bold(ending(found)), "bad" if row.has_failed else "text"))
            if row.holding:
                names = [
                    object_link(look.situation, number, name)
                    for number, name in zip(row.holding, row.held, strict=False)
                ]
                parts.append(
                    markup_tr(
                        "It held {objects}, which nobody can give back.", objects=listed(names)
                    )
                )
        elif row.stopping is not None:
            parts.append(inked(row.stopping.sentence, "warning"))
        self.text.tell(table(rows))
        self.outcome.tell(
            joined(markup('<p style="margin:0 0 3px 0">{}</p>', part) for part in parts)
        )
        self.outcome.setVisible(bool(parts))


def _how(found: Inspection) -> Markup:
    """By which method, and from whom."""
    method, parent = found.row.start_method, found.parent
    if parent is None:
        return escaped(tr("by {method}", method=method)) if method else NOTHING
    link = process_link(parent, parent.number)
    if not method:
        return told_of(tr("from {parent}", parent=HOLE), link)
    return told_of(tr("by {method} from {parent}", method=method, parent=HOLE), link)
