"""The level that a line says it has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawnscope.gui.kit.text.level import Level, recognize


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("ERROR:root:cannot open", Level.ERROR),
        ("2024-01-01 10:00:00,123 - root - ERROR - message", Level.ERROR),
        ("2024-01-01 10:00:00,123 root ERROR something", Level.ERROR),
        ("2024-01-01T10:00:00Z WARN slow", Level.WARNING),
        ("2024-01-01 10:00:00.1 | CRITICAL | a:b:3 - x", Level.CRITICAL),
        ("[INFO/MainProcess] child process calling self.run()", Level.INFO),
        ("[2024-01-01 10:00:00,000: WARNING/ForkPoolWorker-1] hi", Level.WARNING),
        ("INFO:     Started server process", Level.INFO),
        ("DEBUG details", Level.DEBUG),
        ("E0101 10:00:00.000000 1 a.cc:1] bad", Level.ERROR),
        ("Traceback (most recent call last):", Level.ERROR),
        ("  + Exception Group Traceback (most recent call last):", Level.ERROR),
        ("ValueError: bad", Level.ERROR),
        ("json.decoder.JSONDecodeError: Expecting value", Level.ERROR),
        ("app.py:12: DeprecationWarning: old", Level.WARNING),
        ("there was an error inside this prose", Level.NONE),
        ("No ERROR was found", Level.NONE),
        ("MY ERROR HANDLING", Level.NONE),
        ("this is an ERROR: bad one", Level.NONE),
        ("PRE-ERROR", Level.NONE),
        ("ERROR_CODE=3", Level.NONE),
        ("ERRORS 3", Level.NONE),
        ("", Level.NONE),
    ],
)
def test_levels_are_recognised_where_logs_put_them_and_not_in_prose(
    line: str, level: Level
) -> None:
    assert recognize(line).level is level


def test_the_place_of_the_word_is_told() -> None:
    found = recognize("x - WARNING - y")
    assert "x - WARNING - y"[found.start : found.end] == "WARNING"


@given(st.text(max_size=300))
def test_no_text_is_too_odd(line: str) -> None:
    found = recognize(line)
    assert 0 <= found.start <= found.end <= len(line)


def test_a_hostile_line_takes_no_noticeable_time() -> None:
    # Ends at all, rather than after minutes of backtracking.
    recognize(" - : | [" * 40 + "ERROR x")
    recognize("A" * 240 + "." * 240)
    recognize("a.b" * 100)
