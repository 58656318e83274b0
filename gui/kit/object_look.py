"""Which picture and which colour stand for a type of shared object.

The colour tells the family: blue carries items, amber makes others wait, green works, grey keeps.
"""

from __future__ import annotations

from spawnscope.core.translation import mark
from spawnscope.core.vocabulary.kinds import Family, kind_of

_LOOKS = {
    Family.CARRIES: ("accent", mark("queues, pipes")),
    Family.HOLDS_BACK: ("warning", mark("locks, events")),
    Family.WORKS: ("good", mark("pools, processes")),
    Family.KEEPS: ("muted", mark("other")),
}
MEANINGS = tuple(_LOOKS[family][0] for family in Family)
"""The meaning of the colour of each family in the theme, by the number of the family."""
WORDS = tuple(_LOOKS[family][1] for family in Family)
"""What to call each family, in English: to be given to `tr`."""


def type_look(type_name: str) -> tuple[str, str]:
    """(name of the icon, meaning of its colour in the theme)."""
    return kind_of(type_name).picture, MEANINGS[family_of(type_name)]


def family_of(type_name: str) -> int:
    """The number of the family of a type of object; "" for operations on none."""
    return int(kind_of(type_name).family)
