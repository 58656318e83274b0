"""How many processes are recorded that come and go: any burst, but not for ever.

    found, nobody launched it --> FloodGate.admits() --yes--> a record, with all that is told of it
                                                     --no---> only counted, if it has ended already

A program that forks without a pause makes tens of thousands of processes a second, far more than
can be described one by one; without a bound nobody else would have a turn. What lives is always
recorded: it is found by looking at who is there.
"""

from __future__ import annotations

import time

_BURST = 2000
_RATE = 500.0  # a second, for as long as it lasts


class FloodGate:
    """A token bucket. `passed_over`: how many were only counted, since somebody asked."""

    def __init__(self) -> None:
        self._tokens = float(_BURST)
        self._at = time.monotonic()
        self.passed_over = 0

    def admits(self) -> bool:
        """Whether one more that has ended, or may have, is recorded."""
        now = time.monotonic()
        self._tokens = min(_BURST, self._tokens + (now - self._at) * _RATE)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
