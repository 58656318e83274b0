"""How long threads waited for an object lately; once all is over, in all of its life.

the last seconds of its history, in two halves --.
its totals, from when it was made to its last change -+--> Stretch
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from ...store.object_row import ObjectRow
from .view import View

SECONDS = 6
EASE = 0.5
"""Of the figures from which on something is told: as long as they are above this share of them, it
stands."""
_HALF_NS = SECONDS * 500_000_000


class Stretch(NamedTuple):
    """`seconds` that it is about; `put` and `get`: for how many threads waited on average to bring
    something in (or for a lock), and to get something out: in the half in which these were least,
    so that they did all the time; `most_put`, `most_get`: in the other one; `begin_ns`: Unix time.
    """

    seconds: float
    begin_ns: int
    put: float
    get: float
    most_put: float
    most_get: float


def stretch(view: View, row: ObjectRow) -> Stretch | None:
    """None where it has not been used for long enough."""
    if view.over:
        span_ns = row.state_ns - row.created_ns
        if span_ns < 2 * _HALF_NS:
            return None
        put, get = row.put_wait_ns / span_ns, row.get_wait_ns / span_ns
        return Stretch(span_ns / 1e9, row.created_ns, put, get, put, get)
    begin_ns = view.now_ns - 2 * _HALF_NS
    if row.created_ns > begin_ns:
        return None
    history = view.store.objects.history(row.number)
    marks = [history.waits_at(begin_ns + half * _HALF_NS) for half in range(3)]
    puts = sorted((after[0] - before[0]) / _HALF_NS for before, after in pairwise(marks))
    gets = sorted((after[1] - before[1]) / _HALF_NS for before, after in pairwise(marks))
    return Stretch(float(SECONDS), begin_ns, puts[0], gets[0], puts[1], gets[1])


def uses(view: View, row: ObjectRow, outward: bool) -> float:
    """How often a second something went in (a lock was taken), or out; within the same time."""
    if view.over:
        total = sum(each.count for each in row.counts if each.operation in ("get", "acquire"))
        return total / max(1e-9, (row.state_ns - row.created_ns) / 1e9)
    rates = view.store.objects.history(row.number).rates(view.now_ns, outward)[-SECONDS:]
    return sum(rates) / len(rates) if rates else 0.0
