"""Times in words."""

from __future__ import annotations

import time

from spawnscope.gui.kit.text.clock import Clock

SECOND = 1_000_000_000


def test_todays_times_go_without_a_date_and_others_have_one() -> None:
    now = int(time.time())
    clock = Clock()
    today = time.strftime("%H:%M:%S", time.localtime(now))
    assert clock.text(now * SECOND + 120_000_000) == f"{today}.120"
    old = now - 40 * 86_400
    expected = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(old))
    assert clock.text(old * SECOND + 7_000_000) == f"{expected}.007"


def test_relative_times_count_from_the_origin() -> None:
    clock = Clock()
    clock.relative = True
    clock.origin_ns = 100 * SECOND
    assert clock.text(100 * SECOND + 1_500_000) == "+0:00.001"
    assert clock.text((100 + 3723) * SECOND) == "+1:02:03.000"
    assert clock.text(99 * SECOND) == "-0:01.000"


def test_the_exact_time_has_microseconds_and_the_offset() -> None:
    text = Clock.exact(1_700_000_000 * SECOND + 123_456_789)
    assert ".123456 " in text
    assert text.startswith("2023-11-1")
