"""The cards that tell what the process holds, and what it has put, got and waited for in all."""

from __future__ import annotations

from ...kit.markup import NOTHING, escaped, inked, joined, markup, muted, table
from .card import Card
from .markup import object_link, process_link
from .source import Look
from .text import count_text, rough, size_text, waited_text

_MOST = 60  # lines


class HoldsCard(Card):
    """See the module; hidden while it holds nothing."""

    def __init__(self) -> None:
        super().__init__("Holds", "lock")
        self.text = self.add_text()

    def show_look(self, look: Look) -> None:
        """Show this."""
        found = look.inspection
        self.set_title("Holds" if found.is_live else "Held, and can't give back")
        rows = []
        for held in found.holds:
            since = NOTHING
            if held.since_ns is not None:
                since = muted("for " + rough(found.now_ns - held.since_ns))
            thread = muted(held.thread) if held.thread else NOTHING
            rows.append([object_link(look.situation, held.object, held.phrase), thread, since])
            people = [
                process_link(look.situation.processes.get(process), process)
                for process, _ in held.waiters[:8]
            ]
            if people:
                more = len(held.waiters) - len(people)
                rest = f" and {more} more" if more else ""
                verb = "waits" if len(held.waiters) == 1 else "wait"
                waiting = inked(f"{verb} for it", "warning")
                words = markup("{}{} {}", joined(people, ", "), rest, waiting)
                rows.append([NOTHING, words, NOTHING])
        self.text.tell(table(rows))
        self.setVisible(bool(rows))


class UsesCard(Card):
    """See the module."""

    def __init__(self) -> None:
        super().__init__("Has put and got", "traffic")
        self.text = self.add_text()

    def show_look(self, look: Look) -> None:
        """Show this."""
        rows = []
        last = 0
        uses = look.inspection.uses
        for use in uses[:_MOST]:
            name = object_link(look.situation, use.object, use.label)
            name = NOTHING if use.object == last else markup("{} {}", name, muted(use.type))
            last = use.object
            totals = use.totals
            waited = waited_text(totals)
            rows.append([
                name, escaped(totals.operation), escaped(count_text(totals)),
                escaped(size_text(totals)), inked(waited, "warning") if waited else NOTHING,
            ])  # fmt: skip
        if len(uses) > _MOST:
            rows.append([muted(f"and {len(uses) - _MOST:,} more"), *[NOTHING] * 4])
        head = ("Object", "Operation", "Count", "Bytes", "Waited")
        nothing = muted("It has used no shared object so far.")
        self.text.tell(table(rows, frozenset((2, 3, 4)), head) if rows else nothing)
