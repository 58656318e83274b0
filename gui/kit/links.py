"""Links within the window: to a process, a shared object, a finding."""

from __future__ import annotations

from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.translation import tr

from .markup import Markup, escaped, markup, muted
from .style import theme

LONGEST = 160  # characters of a name


def link(target: str, text: str) -> Markup:
    """A link; see `parse_link`."""
    return markup(
        '<a href="{}" style="color:{}; text-decoration:none">{}</a>',
        target,
        theme.current().accent,
        escaped(text, LONGEST),
    )


def process_link(row: ProcessRow | None, number: int) -> Markup:
    """A process by its name and pid."""
    if row is None:
        return escaped(tr("process {number}", number=number))
    return markup("{}&nbsp;{}", link(f"process:{number}", row.label), muted(f"({row.pid})"))


def parse_link(target: str) -> tuple[str, int]:
    """("process", "object" or "finding", number); ("", 0) for anything else."""
    kind, _, number = target.partition(":")
    return (kind, int(number)) if number.isdigit() else ("", 0)
