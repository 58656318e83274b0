"""The card that tells how the process started, and how it ended."""

from __future__ import annotations

from ...kit.markup import NOTHING, bold, escaped, inked, joined, markup, muted, table
from ...kit.text.clock import Clock
from .card import Card
from .markup import object_link, process_link
from .source import Look
from .text import ending


class StoryCard(Card):
    """See the module."""

    def __init__(self) -> None:
        super().__init__("How it started", "clock")
        self.text = self.add_text()
        self.outcome = self.add_text()

    def show_look(self, look: Look) -> None:
        """Show this."""
        found = look.inspection
        row, clock = found.row, Clock()
        self.set_title("How it started" if found.is_live else "How it started and ended")
        how = f"by {row.start_method}" if row.start_method else ""
        words = [escaped(how)] if how else []
        if found.parent is not None:
            by = process_link(found.parent, found.parent.number)
            words.append(markup("{} {}", muted("from"), by))
        rows = [[muted("Started"), escaped(clock.text(row.started_ns)), joined(words, " ")]]
        parts = []
        if not found.is_live and row.ended_ns is not None:
            rows.append([muted("Ended"), escaped(clock.text(row.ended_ns)), NOTHING])
            parts.append(inked(bold(ending(found)), "bad" if row.has_failed else "text"))
            if row.holding:
                names = [
                    object_link(look.situation, number, name)
                    for number, name in zip(row.holding, row.held, strict=False)
                ]
                held = joined(names, ", ")
                parts.append(markup("It held {}, which nobody can give back.", held))
        elif row.stopping is not None:
            parts.append(inked(row.stopping.sentence, "warning"))
        self.text.tell(table(rows))
        self.outcome.tell(
            joined(markup('<p style="margin:0 0 3px 0">{}</p>', part) for part in parts)
        )
        self.outcome.setVisible(bool(parts))
