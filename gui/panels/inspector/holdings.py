"""The cards that tell what the process holds, and what it has put, got and waited for in all."""

from __future__ import annotations

from spawnscope.core.translation import tr, trn

from ...kit.links import process_link
from ...kit.markup import NOTHING, escaped, inked, listed, markup, muted, table
from .card import Card
from .markup import HOLE, object_link, told_of
from .source import Look
from .text import count_text, lasting, size_text, waited_text

_MOST = 60  # lines


class HoldsCard(Card):
    """See the module; hidden while it holds nothing."""

    def __init__(self) -> None:
        super().__init__(tr("Holds"), "lock")
        self.text = self.add_text()

    def show_look(self, look: Look) -> None:
        """Show this."""
        found = look.inspection
        self.set_title(tr("Holds") if found.is_live else tr("Held, and can't give back"))
        rows = []
        for held in found.holds:
            since = NOTHING
            if held.since_ns is not None:
                since = muted(lasting(found.now_ns - held.since_ns))
            thread = muted(held.thread) if held.thread else NOTHING
            rows.append([object_link(look.situation, held.object, held.phrase), thread, since])
            people = [
                process_link(look.situation.processes.get(process), process)
                for process, _ in held.waiters[:8]
            ]
            if people:
                count = len(held.waiters)
                wait = trn("{names} waits for it", "{names} wait for it", count, names=HOLE)
                names = listed(people, count - len(people))
                rows.append([NOTHING, told_of(wait, names, "warning"), NOTHING])
        self.text.tell(table(rows))
        self.setVisible(bool(rows))


class UsesCard(Card):
    """See the module."""

    def __init__(self) -> None:
        super().__init__(tr("Has put and got"), "traffic")
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
            more = trn("and {count} more", "and {count} more", len(uses) - _MOST)
            rows.append([muted(more), *[NOTHING] * 4])
        head = (tr("Object"), tr("Operation"), tr("Count"), tr("Bytes"), tr("Waited"))
        unseen = look.inspection.row.watched is False
        nothing = muted(
            tr("It is not instrumented, so what it shares is not recorded.")
            if unseen
            else tr("It has used no shared object so far.")
            if look.inspection.is_live
            else tr("It used no shared object.")
        )
        self.text.tell(table(rows, frozenset((2, 3, 4)), head) if rows else nothing)
