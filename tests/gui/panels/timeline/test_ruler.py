"""Which marks the ruler has, from hours to nanoseconds."""

from __future__ import annotations

from itertools import pairwise

import pytest

from spawnscope.gui.panels.timeline.ruler import ruler
from spawnscope.gui.panels.timeline.scale import TimeScale

SECOND = 1_000_000_000
BEGAN = 1_700_000_000 * SECOND + 123_456_789


def scale(span_ns: float, first_ns: int = BEGAN) -> TimeScale:
    found = TimeScale()
    found.set_bounds(first_ns, first_ns + 100_000 * SECOND)
    found.set_width(1000)
    found.left_ns, found.ns_per_pixel = first_ns, span_ns / 1000
    return found


@pytest.mark.parametrize(
    ("span", "texts", "base"),
    [
        (8 * 3600 * SECOND, ["+0:00", "+1:00:00", "+2:00:00"], ""),
        (60 * SECOND, ["+0:00", "+0:10", "+0:20"], ""),
        (SECOND, ["+0:00.000", "+0:00.100"], ""),
        (5_000_000, ["+0 µs", "+500 µs", "+1,000 µs"], "+0:00.000"),
        (1_000_000, ["+0 µs", "+100 µs", "+200 µs"], "+0:00.000"),
        (100_000, ["+0 µs", "+10 µs", "+20 µs"], "+0:00.000"),
        (3_000, ["+0.0 µs", "+0.5 µs", "+1.0 µs"], "+0:00.000"),
    ],
)
def test_marks_are_round_times(span: int, texts: list[str], base: str) -> None:
    marks = ruler(scale(span), relative=True)
    found = [mark.text for mark in marks.marks if mark.text]
    assert found[: len(texts)] == texts
    assert marks.base == base
    places = [mark.x for mark in marks.marks if mark.text]
    assert all(after - before >= 96 for before, after in pairwise(places))


def test_times_of_the_day_are_round_in_local_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Kathmandu")  # 5:45 ahead of UTC
    time.tzset()
    try:
        marks = ruler(scale(8 * 3600 * SECOND), relative=False)
        assert all(mark.text.endswith(":00") for mark in marks.marks if mark.text)
        assert marks.base == ""
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_is_seen_stays_near_the_session() -> None:
    found = scale(10 * SECOND)
    found.pan(-1e9)
    assert found.left_ns < found.first_ns < found.right_ns
    found.pan(1e9)
    assert found.left_ns < found.last_ns < found.right_ns
    found.fit()
    assert found.shows_everything
    found.follow()
    found.set_bounds(found.first_ns, found.last_ns + SECOND)
    assert found.right_ns > found.last_ns
