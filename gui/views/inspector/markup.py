"""Pieces of rich text: everything that comes from a program is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from spawnscope.core.client.doing import Deed
from spawnscope.core.client.process_row import ProcessRow
from spawnscope.core.client.situation import PROCESS, Situation

from ...models.traffic_columns import site_text
from ...style import theme

_LONGEST = 160  # characters of a name
_GAP = 14  # px between two columns of a table


def plain(text: str) -> str:
    """Text as it is, shortened where it is endless."""
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return escape(text)


def inked(markup: str, meaning: str) -> str:
    """In the theme's colour for a meaning."""
    return f'<span style="color:{getattr(theme.current(), meaning)}">{markup}</span>'


def muted(text: str) -> str:
    """Text that explains."""
    return inked(plain(text), "muted")


def link(target: str, text: str) -> str:
    """A link; see `parse_link`."""
    color = theme.current().accent
    return f'<a href="{target}" style="color:{color}; text-decoration:none">{plain(text)}</a>'


def process_link(row: ProcessRow | None, number: int) -> str:
    """A process by its name and pid."""
    if row is None:
        return plain(f"process {number}")
    return link(f"process:{number}", row.label) + inked(f"&nbsp;({row.pid})", "muted")


def object_link(situation: Situation, number: int, text: str) -> str:
    """A shared object, or the process that it stands for."""
    row = situation.objects.get(number)
    if row is None:
        return plain(text)
    if row.type == PROCESS:
        behind = situation.process_behind(number)
        return plain(text) if behind is None else link(f"process:{behind}", text)
    return link(f"object:{number}", text)


def parse_link(target: str) -> tuple[str, int]:
    """("process" or "object", number); ("", 0) for anything else."""
    kind, _, number = target.partition(":")
    return (kind, int(number)) if number.isdigit() else ("", 0)


def deed_markup(situation: Situation, deed: Deed) -> str:
    """What a thread is in, with the object as a link."""
    if deed.object is None:
        return plain(deed.phrase)
    name = situation.objects.phrase(deed.object)
    before, found, after = deed.phrase.partition(name)
    if not found:
        return plain(deed.phrase)
    return plain(before) + object_link(situation, deed.object, name) + plain(after)


def site_markup(site: str) -> str:
    """A place in the source, without its folders."""
    return inked(plain(site_text(site)), "muted") if site else ""


def table(
    rows: Sequence[Sequence[str]],
    rights: frozenset[int] = frozenset(),
    head: Sequence[str] = (),
) -> str:
    """Rows of cells, as markup. `rights`: columns that are aligned to the right."""
    lines = []
    if head:
        lines.append(_row([inked(plain(text), "muted") for text in head], rights))
    lines += [_row(cells, rights) for cells in rows]
    return f'<table cellspacing="0" cellpadding="0">{"".join(lines)}</table>'


def _row(cells: Sequence[str], rights: frozenset[int]) -> str:
    last = len(cells) - 1
    parts = []
    for place, cell in enumerate(cells):
        align = "right" if place in rights else "left"
        gap = 0 if place == last else _GAP
        parts.append(
            f'<td align="{align}" style="padding:2px {gap}px 2px 0; white-space:nowrap">{cell}</td>'
            if place != last
            else f'<td align="{align}" style="padding:2px 0">{cell}</td>'
        )
    return f"<tr>{''.join(parts)}</tr>"
