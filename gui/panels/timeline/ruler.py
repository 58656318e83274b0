"""The marks of the ruler: round times, as many as there is room for, from days to nanoseconds."""

from __future__ import annotations

import time
from bisect import bisect_left
from typing import NamedTuple

from .scale import TimeScale

_US, _MS, _S = 1_000, 1_000_000, 1_000_000_000
_M, _H = 60 * _S, 3600 * _S
_STEPS = (
    *(step * power for power in (100, _US, 10 * _US, 100 * _US, _MS, 10 * _MS, 100 * _MS)
      for step in (1, 2, 5)),
    *(step * _S for step in (1, 2, 5, 10, 15, 30)),
    *(step * _M for step in (1, 2, 5, 10, 15, 30)),
    *(step * _H for step in (1, 2, 3, 6, 12, 24, 48, 96, 240, 480, 960)),
)  # fmt: skip
_ROUND = frozenset((20, 50, *_STEPS))
MOST_MARKS = 400


class Mark(NamedTuple):
    """`text` is "" for a small mark between two."""

    x: float
    text: str
    time_ns: int


class Ruler(NamedTuple):
    """`marks` from left to right. `base`: what the texts are to be added to, "" where each stands
    for itself. Marks with a text are whole steps of `step_ns` after `zero_ns`."""

    marks: tuple[Mark, ...]
    base: str
    zero_ns: int
    step_ns: int


NO_RULER = Ruler((), "", 0, 0)


def ruler(scale: TimeScale, relative: bool, room: int = 96) -> Ruler:
    """The marks for what is seen, at least `room` pixels between two texts. `relative`: times
    since the beginning of the session; else of the day, in local time."""
    place = bisect_left(_STEPS, scale.ns_per_pixel * room)
    step = _STEPS[min(place, len(_STEPS) - 1)]
    small = next((step // parts for parts in (5, 4, 3) if step // parts in _ROUND), step)
    zero = scale.first_ns if relative else -_offset_ns(scale.left_ns)
    base_ns = zero
    if step < _MS:
        base_ns = zero + (scale.left_ns - zero) // _MS * _MS
    marks: list[Mark] = []
    at = zero + -(-(scale.left_ns - zero) // small) * small
    while at <= scale.right_ns and len(marks) < MOST_MARKS:
        text = ""
        if (at - zero) % step == 0:
            text = _after(at - base_ns, step) if step < _MS else _text(at, zero, step, relative)
        marks.append(Mark(scale.x(at), text, at))
        at += small
    base = _text(base_ns, zero, _MS, relative) if step < _MS else ""
    return Ruler(tuple(marks), base, zero, step)


def moment_text(time_ns: int, scale: TimeScale, relative: bool) -> str:
    """A moment to the millisecond, or finer where pixels are."""
    zero = scale.first_ns if relative else 0
    step = _MS if scale.ns_per_pixel > 2 * _US else 1
    return _text(time_ns, zero, step, relative)


def _text(time_ns: int, zero: int, step: int, relative: bool) -> str:
    digits = 0 if step >= _S else 3 if step >= _MS else 6
    if relative:
        return _relative(time_ns - zero, digits)
    second, rest = divmod(time_ns, _S)
    shape = "%b %d %H:%M" if step >= 24 * _H else "%H:%M" if step >= _M else "%H:%M:%S"
    return time.strftime(shape, time.localtime(second)) + _fraction(rest, digits)


def _relative(span_ns: int, digits: int) -> str:
    sign = "−" if span_ns < 0 else "+"
    second, rest = divmod(abs(span_ns), _S)
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    large = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    return sign + large + _fraction(rest, digits)


def _fraction(rest_ns: int, digits: int) -> str:
    return f".{rest_ns:09d}"[: digits + 1] if digits else ""


def _after(span_ns: int, step: int) -> str:
    """ "+450 µs" behind the base."""
    if step >= _US:
        return f"+{span_ns // _US:,} µs"  # untranslated: a unit
    return f"+{span_ns / _US:,.1f} µs"  # untranslated: a unit


def _offset_ns(time_ns: int) -> int:
    """How much local time is ahead of UTC then: round local times are not round in UTC."""
    return (time.localtime(time_ns // _S).tm_gmtoff or 0) * _S
