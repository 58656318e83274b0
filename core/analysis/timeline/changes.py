"""From when on something looks different than it did: so that only that is painted again."""

from __future__ import annotations

from collections import deque

_MOST = 64  # changes that are remembered: who has missed more looks at everything again


class Changes:
    """Counts changes; each makes everything from a time on look different. Times: Unix ns."""

    def __init__(self) -> None:
        self.count = 0
        self._recent: deque[int] = deque(maxlen=_MOST)

    def note(self, from_ns: int) -> None:
        """One more change."""
        self.count += 1
        self._recent.append(from_ns)

    def since(self, count: int) -> int | None:
        """From when on it looks different than after so many changes; None: it looks the same."""
        missed = self.count - count
        if missed <= 0:
            return None
        return min(list(self._recent)[-missed:]) if missed <= len(self._recent) else 0
