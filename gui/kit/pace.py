"""How often work may be done whose cost grows with what there is to show.

With ten rows, every frame; with thousands that no fold takes in, as often as fits into a share of
the time. A burst is let through at once.
"""

from __future__ import annotations

import time

_SHARE = 0.1  # of the time is what the work may take in the long run
_BURST = 0.3  # seconds of work that may be done at any rate


class Pace:
    """Measures pieces of work in CPU time of the calling thread: a busy machine makes none of them
    dearer. `longest`: seconds that one wait lasts at most."""

    def __init__(self, longest: float = 1.0) -> None:
        self._longest = longest
        self._spent = 0.0
        self._then = time.monotonic()
        self._began = 0.0

    def begin(self) -> None:
        """A piece of work begins."""
        self._began = time.thread_time()

    def end(self) -> int:
        """It has ended; returns for how many ms the next one should wait."""
        now = time.monotonic()
        self._spent = max(0.0, self._spent - _SHARE * (now - self._then))
        self._spent += time.thread_time() - self._began
        self._then = now
        return round(1000 * min(self._longest, max(0.0, self._spent - _BURST) / _SHARE))
