"""That the system's clock was set, or stood still with the machine."""

from __future__ import annotations

from ..translation import tr
from .duration import duration


def clock_step(seconds: float) -> str:
    """A step of the clock of the wall; negative: back."""
    time = duration(abs(seconds))
    if seconds > 0:
        return tr(
            "The system's clock was set ahead by {time}, or the machine slept; the times of this "
            "session go on without a step.",
            time=time,
        )
    return tr(
        "The system's clock was set back by {time}; the times of this session go on without a "
        "step.",
        time=time,
    )
