"""Lengths of time in 32 bits each.

    2 bits  unit: 1 ns, 2**10 ns, 2**20 ns or 2**30 ns
    30 bits how many of it

Up to 1.07 s they are exact; up to 18 minutes to the microsecond, up to 13 days to the millisecond.
So what is wrong is always less than a millionth of the length: nothing that can be seen.
"""

from __future__ import annotations

import numpy as np

from .growing import Array

_BITS = 30
_STEP = 10
_MASK = (1 << _BITS) - 1
_LONGEST = (1 << (_BITS + 3 * _STEP)) - 1


def packed(spans_ns: Array) -> Array:
    """int64 nanoseconds, rounded down, as uint32. What is negative becomes 0."""
    spans = np.clip(spans_ns, 0, _LONGEST)
    unit = np.zeros(spans.shape, np.int64)
    for power in range(3):
        unit += spans > (1 << (_BITS + power * _STEP)) - 1
    return (unit << _BITS | spans >> unit * _STEP).astype(np.uint32)


def unpacked(spans: Array) -> Array:
    """The opposite: int64 nanoseconds."""
    wide = spans.astype(np.int64)
    if not len(wide) or wide.max() <= _MASK:
        return wide
    return (wide & _MASK) << (wide >> _BITS) * _STEP
