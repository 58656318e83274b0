"""Times as a person reads them, in local time, from Unix time in nanoseconds."""

from __future__ import annotations

import time

_SECOND = 1_000_000_000


def clock_text(time_ns: int) -> str:
    """A moment as the clock shows it: "22:04:05"."""
    return time.strftime("%H:%M:%S", time.localtime(time_ns / 1e9))


class Clock:
    """Writes times of day, or times since `origin_ns` where `relative` is set.

    The date stands before the time of day unless it is today's.
    """

    def __init__(self) -> None:
        self.relative = False
        self.origin_ns = 0
        self._second = -1
        self._text = ""
        self._today = (0, 0, 0)
        self._day_ends = 0.0

    def text(self, time_ns: int) -> str:
        """To the millisecond: "14:05:09.120", "2024-02-29 14:05:09.120" or "+1:02:03.456"."""
        if self.relative:
            return self._since_origin(time_ns)
        second, rest = divmod(time_ns, _SECOND)
        if second != self._second:
            self._second = second
            self._text = self._time_of_day(second)
        return f"{self._text}.{rest // 1_000_000:03d}"

    @staticmethod
    def exact(time_ns: int) -> str:
        """To the microsecond, with the date and the offset from UTC."""
        second, rest = divmod(time_ns, _SECOND)
        local = time.localtime(second)
        return time.strftime(f"%Y-%m-%d %H:%M:%S.{rest // 1000:06d} %z", local)

    def _time_of_day(self, second: int) -> str:
        local = time.localtime(second)
        if time.time() >= self._day_ends:
            now = time.localtime()
            self._today = now[:3]
            passed = now.tm_hour * 3600 + now.tm_min * 60 + now.tm_sec
            self._day_ends = time.time() + max(1, 86_400 - passed)
        if local[:3] == self._today:
            return time.strftime("%H:%M:%S", local)
        return time.strftime("%Y-%m-%d %H:%M:%S", local)

    def _since_origin(self, time_ns: int) -> str:
        passed = time_ns - self.origin_ns
        sign = "-" if passed < 0 else "+"
        seconds, rest = divmod(abs(passed), _SECOND)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        large = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
        return f"{sign}{large}.{rest // 1_000_000:03d}"
