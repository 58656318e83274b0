"""Which part of a session's time is seen, and how large: from times to pixels and back.

    left_ns                     left_ns + width * ns_per_pixel
      |---------- what is seen ----------|
    first_ns ............................................. last_ns    the whole session

Times are Unix time in nanoseconds and stay whole numbers, as floats would be off by 256 ns; only
differences become floats.
"""

from __future__ import annotations

FINEST = 100.0  # ns a pixel: 1 µs on 10 of them
_LEAST_SPAN = 1_000_000  # ns: even an empty session has an extent
_MARGIN = 0.02  # of the width, free at either end when all is seen
FIRST_LOOK = 30_000_000_000  # ns that a live session shows at first


class TimeScale:
    """`following`: the right edge stays at the newest; time then moves by whole pixels of the
    screen, of which there are `ratio` to one of ours."""

    def __init__(self) -> None:
        self.first_ns = 0
        self.last_ns = _LEAST_SPAN
        self.left_ns = 0
        self.ns_per_pixel = 1e6
        self.width = 1
        self.ratio = 1.0
        self.following = False

    @property
    def column_ns(self) -> float:
        """The ns in a pixel of the screen; whole while the newest is followed."""
        found = self.ns_per_pixel / self.ratio
        whole = round(found)
        return float(whole) if abs(found - whole) < 1e-6 * found else found

    @property
    def right_ns(self) -> int:
        """The time at the right edge."""
        return self.left_ns + int(self.width * self.ns_per_pixel)

    @property
    def span_ns(self) -> int:
        """How much time is seen."""
        return self.right_ns - self.left_ns

    def x(self, time_ns: int) -> float:
        """Where a time is, in pixels from the left edge."""
        return (time_ns - self.left_ns) / self.ns_per_pixel

    def time(self, x: float) -> int:
        """The time at a pixel."""
        return self.left_ns + round(x * self.ns_per_pixel)

    def set_bounds(self, first_ns: int, last_ns: int) -> None:
        """The session reaches from here to there."""
        self.first_ns = first_ns
        self.last_ns = max(last_ns, first_ns + _LEAST_SPAN)
        if self.following:
            self.follow()

    def set_ratio(self, ratio: float) -> None:
        """So many pixels of the screen to one of ours."""
        if ratio != self.ratio:
            self.ratio = ratio
            self.set_bounds(self.first_ns, self.last_ns)

    def set_width(self, pixels: int) -> None:
        """So many pixels are seen from now on; what is at the left edge stays there."""
        whole = self.shows_everything
        self.width = max(1, pixels)
        if whole and not self.following:
            self.fit()
        self._settle()

    @property
    def coarsest(self) -> float:
        """The ns of a pixel at which the whole session is seen."""
        return max(FINEST, (self.last_ns - self.first_ns) / self.width / (1 - 2 * _MARGIN))

    @property
    def shows_everything(self) -> bool:
        """Whether there is nothing outside of what is seen."""
        return self.left_ns <= self.first_ns and self.right_ns >= self.last_ns

    def fit(self) -> None:
        """See the whole session."""
        self.following = False
        self.ns_per_pixel = self.coarsest
        self.left_ns = self.first_ns - int(self.width * _MARGIN * self.ns_per_pixel)

    def show(self, start_ns: int, end_ns: int) -> None:
        """See this span, as large as it goes."""
        self.following = False
        span = max(1, end_ns - start_ns)
        self.ns_per_pixel = span / self.width
        self._limit()
        middle = (start_ns + end_ns) // 2
        self.left_ns = middle - int(self.width * self.ns_per_pixel / 2)
        self._settle()

    def zoom(self, factor: float, x: float) -> None:
        """`factor` times as large; what is at `x` stays there, or at the right edge if that is
        followed."""
        if self.following:
            self.ns_per_pixel /= factor
            self._limit()
            self.follow()
            return
        anchor = self.time(x)
        self.ns_per_pixel /= factor
        self._limit()
        self.left_ns = anchor - round(x * self.ns_per_pixel)
        self._settle()

    def pan(self, pixels: float) -> None:
        """Move by so many pixels towards later."""
        self.following = False
        self.left_ns += round(pixels * self.ns_per_pixel)
        self._settle()

    def reveal(self, time_ns: int) -> None:
        """Bring a time into view, into the middle if it is out of it."""
        if not self.left_ns <= time_ns <= self.right_ns:
            self.following = False
            self.left_ns = time_ns - self.span_ns // 2
            self._settle()

    def follow(self) -> None:
        """Go to the newest and stay there."""
        self.following = True
        column = max(1, round(self.ns_per_pixel / self.ratio))
        self.ns_per_pixel = column * self.ratio
        margin = int(self.width * _MARGIN * self.ns_per_pixel)
        left = self.last_ns + margin - int(self.width * self.ns_per_pixel)
        self.left_ns = -(-left // column) * column

    def _limit(self) -> None:
        self.ns_per_pixel = min(max(self.ns_per_pixel, FINEST), max(self.coarsest, FINEST))

    def _settle(self) -> None:
        """Half of what is seen may lie outside of the session, no more."""
        half = self.span_ns // 2
        self.left_ns = min(max(self.left_ns, self.first_ns - half), self.last_ns - half)
