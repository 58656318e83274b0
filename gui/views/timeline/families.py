"""The families of shared objects that the timeline tells apart, by the colours of the Traffic
panel: what carries items, what makes others wait, what works, and all the rest."""

from __future__ import annotations

from ..traffic.type_look import type_look

MEANINGS = ("accent", "warning", "good", "muted")  # colours of the theme, by family
WORDS = ("queues, pipes", "locks, events", "pools, processes", "other")
OTHER = MEANINGS.index("muted")
WORKS = MEANINGS.index("good")


def family_of(type_name: str) -> int:
    """The family of a type of object; "" for operations on none."""
    return MEANINGS.index(type_look(type_name)[1]) if type_name else OTHER
