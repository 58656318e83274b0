"""What rises all the time: how fast, and when the memory that it takes will hurt."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

SECONDS = 8
"""In each of which it has risen."""
MUCH, TOO_MUCH = 100e6, 1e9
"""Bytes: that are a matter, that hurt."""
SOON = 600.0
"""Seconds until it hurts, that are few."""


def rise(figures: Sequence[float]) -> float | None:
    """By how much a second it has risen lately; None unless it did so in each. `figures`: what it
    was at the end of each of the last seconds; the last one is not over, and does not count."""
    lately = figures[-SECONDS - 2 : -1]
    if len(lately) <= SECONDS or any(a >= b for a, b in pairwise(lately)):
        return None
    return (lately[-1] - lately[0]) / SECONDS


def hurts_in(holds: float, grows: float) -> float | None:
    """Seconds until it is TOO_MUCH, from bytes and bytes a second; None if never."""
    return (TOO_MUCH - holds) / grows if grows > 0 else None
