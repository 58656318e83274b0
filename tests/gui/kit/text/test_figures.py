"""Figures as a person reads them."""

from __future__ import annotations

import pytest

from spawnscope.core.vocabulary.events import OperationCount
from spawnscope.gui.kit.text.figures import memory_text, percent_text, rate_text, totals_text
from spawnscope.gui.kit.text.span import duration_text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, ""),
        (500, "500 B"),
        (4096, "4 K"),
        (40 * 1024**2, "40.0 M"),
        (150 * 1024**2, "150 M"),
        (1023 * 1024**2, "1.00 G"),
        (int(2.5 * 1024**3), "2.50 G"),
    ],
)
def test_memory_is_told_in_three_digits(size: int | None, text: str) -> None:
    assert memory_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.42, "0.42 s"),
        (3.21, "3.2 s"),
        (42, "42 s"),
        (187, "3:07"),
        (7387, "2:03:07"),
        (273600, "3 d 4 h"),
    ],
)
def test_durations_are_told_in_the_unit_that_fits(seconds: float, text: str) -> None:
    assert duration_text(int(seconds * 1e9)) == text


@pytest.mark.parametrize(
    ("rate", "text"), [(None, ""), (0.01, "0"), (0.5, "0.5"), (38.4, "38"), (1204.0, "1,204")]
)
def test_rates_below_what_can_be_told_are_none(rate: float | None, text: str) -> None:
    assert rate_text(rate) == text


def test_shares_are_told_in_percent() -> None:
    assert [percent_text(share) for share in (0.0, 0.004, 0.38, 1.0)] == [
        "0 %", "0.4 %", "38 %", "100 %",
    ]  # fmt: skip


def test_totals_leave_out_what_was_not() -> None:
    assert totals_text(OperationCount("put", 1200, 0, 0, 0, 0, 0)) == "1,200"
    assert totals_text(OperationCount("put", 12, 4, 1_200_000_000, 3277, 2, 1)) == (
        "12, 3 K, 4 waited, 1.20 s in all, 2 in vain, 1 failed"
    )
