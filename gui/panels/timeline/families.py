"""The families of shared objects that the timeline tells apart, in the colours of the Traffic
panel, and what they are called."""

from __future__ import annotations

from spawnscope.core.vocabulary.kinds import Family, kind_of

from ...kit.object_look import MEANINGS as COLORS

MEANINGS = tuple(COLORS.values())  # colours of the theme, by family
WORDS = ("queues, pipes", "locks, events", "pools, processes", "other")
OTHER = int(Family.KEEPS)
WORKS = int(Family.WORKS)


def family_of(type_name: str) -> int:
    """The family of a type of object; "" for operations on none."""
    return int(kind_of(type_name).family)
