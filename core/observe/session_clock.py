"""The time of a session: Unix time that goes on evenly, whatever happens to the system's clock.

    CLOCK_MONOTONIC + offset, taken once --> now_ns(): events, messages, durations
            '------- the same offset ------> operations (recorders), forks (the kernel's events)
    CLOCK_REALTIME, now and then ----------> step_ns(): set by hand, by NTP, or the machine slept

So an operation and the line printed after it can never change places, and a duration is how long
the machine was awake. What the wall says is where the session began; a step is told, not followed.
"""

from __future__ import annotations

import time

_TRIES = 5  # to read two clocks at one moment
_STEP_NS = 1_000_000_000  # less is not worth telling


class SessionClock:
    """For one session. `offset_ns`: from the monotonic clock to Unix time; None: as it is now."""

    def __init__(self, offset_ns: int | None = None) -> None:
        self.offset_ns = _offset_ns() if offset_ns is None else offset_ns
        self._wall_ns = self.offset_ns

    def now_ns(self) -> int:
        """Unix time in nanoseconds; never goes back."""
        return time.monotonic_ns() + self.offset_ns

    def since_boot(self, boot_ns: int) -> int:
        """The session's time at which this machine had been up for `boot_ns`, sleep included."""
        return self.now_ns() - (time.clock_gettime_ns(time.CLOCK_BOOTTIME) - boot_ns)

    def on_the_wall(self, time_ns: int) -> int:
        """What the system's clock calls a time of the session, as it goes now."""
        return time_ns + _offset_ns() - self.offset_ns

    def step_ns(self) -> int:
        """By how much the system's clock has left this one since the last call; 0 for less than a
        second."""
        wall_ns = _offset_ns()
        step = wall_ns - self._wall_ns
        if abs(step) < _STEP_NS:
            return 0
        self._wall_ns = wall_ns
        return step


def _offset_ns() -> int:
    found = []
    for _ in range(_TRIES):
        before = time.monotonic_ns()
        wall = time.time_ns()
        after = time.monotonic_ns()
        found.append((after - before, wall - (before + after) // 2))
    return min(found)[1]
