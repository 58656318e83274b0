"""What the cards of the Inspector are written in: processes, objects and calls as links."""

from __future__ import annotations

from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.store.doing import Deed
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.kinds import STARTED

from ...kit.markup import NOTHING, Markup, escaped, inked, markup, muted
from ...kit.style import theme
from ...kit.text.figures import site_text

HOLE = "\0"
_LONGEST = 160  # characters of a name


def link(target: str, text: str) -> Markup:
    """A link; see `parse_link`."""
    return markup(
        '<a href="{}" style="color:{}; text-decoration:none">{}</a>',
        target,
        theme.current().accent,
        escaped(text, _LONGEST),
    )


def process_link(row: ProcessRow | None, number: int) -> Markup:
    """A process by its name and pid."""
    if row is None:
        return escaped(tr("process {number}", number=number))
    return markup("{}&nbsp;{}", link(f"process:{number}", row.label), muted(f"({row.pid})"))


def object_link(situation: Situation, number: int, text: str) -> Markup:
    """A shared object, or the process that it stands for."""
    row = situation.objects.get(number)
    if row is None:
        return escaped(text, _LONGEST)
    if row.type in STARTED:
        behind = situation.process_behind(number)
        return escaped(text, _LONGEST) if behind is None else link(f"process:{behind}", text)
    return link(f"object:{number}", text)


def told_of(clause: str, name: Markup, ink: str = "muted", before: str = "") -> Markup:
    """A clause that has HOLE for a name: with the name as it is, and the rest in a colour, which
    may be another one `before` the name."""
    head, _, tail = clause.partition(HOLE)
    return markup("{}{}{}", inked(head, before or ink), name, inked(tail, ink))


def parse_link(target: str) -> tuple[str, int]:
    """("process" or "object", number); ("", 0) for anything else."""
    kind, _, number = target.partition(":")
    return (kind, int(number)) if number.isdigit() else ("", 0)


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
