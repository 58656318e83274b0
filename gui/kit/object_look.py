"""Which picture and which colour stand for a type of shared object.

The colour tells the family: blue carries items, amber makes others wait, green works, grey keeps.
"""

from __future__ import annotations

from spawnscope.core.vocabulary.kinds import Family, kind_of

MEANINGS = {
    Family.CARRIES: "accent",
    Family.HOLDS_BACK: "warning",
    Family.WORKS: "good",
    Family.KEEPS: "muted",
}
"""The meaning of the colour of each family, in the order of the families."""


def type_look(type_name: str) -> tuple[str, str]:
    """(name of the icon, meaning of its colour in the theme)."""
    kind = kind_of(type_name)
    return kind.picture, MEANINGS[kind.family]
