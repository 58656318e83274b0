"""What the cards of the Inspector are written in: objects and calls as links."""

from __future__ import annotations

from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.store.doing import Deed
from spawnscope.core.vocabulary.kinds import STARTED

from ...kit.links import LONGEST, link
from ...kit.markup import NOTHING, Markup, escaped, inked, markup, muted
from ...kit.text.figures import site_text

HOLE = "\0"


def object_link(situation: Situation, number: int, text: str) -> Markup:
    """A shared object, or the process that it stands for."""
    row = situation.objects.get(number)
    if row is None:
        return escaped(text, LONGEST)
    if row.type in STARTED:
        behind = situation.process_behind(number)
        return escaped(text, LONGEST) if behind is None else link(f"process:{behind}", text)
    return link(f"object:{number}", text)


def told_of(clause: str, name: Markup, ink: str = "muted", before: str = "") -> Markup:
    """A clause that has HOLE for a name: with the name as it is, and the rest in a colour, which
    may be another one `before` the name."""
    head, _, tail = clause.partition(HOLE)
    return markup("{}{}{}", inked(head, before or ink), name, inked(tail, ink))


def deed_markup(situation: Situation, deed: Deed) -> Markup:
    """What a thread is in, with the object as a link."""
    if deed.object is None:
        return escaped(deed.phrase)
    name = situation.objects.phrase(deed.object)
    before, found, after = deed.phrase.partition(name)
    if not found:
        return escaped(deed.phrase)
    return markup("{}{}{}", before, object_link(situation, deed.object, name), after)


def site_markup(site: str) -> Markup:
    """A place in the source, without its folders."""
    return muted(site_text(site)) if site else NOTHING
