"""Waiting for something to become true, with a limit. Tests never sleep for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE = 0.005  # seconds between two looks


def wait_until(predicate: Callable[[], T], timeout: float = 10, message: str = "") -> T:
    """Call `predicate` until it returns something true, and return that.

    After `timeout` seconds: AssertionError with `message` and what was returned last. For a
    predicate that waits for the Qt event loop to do something, use `qtbot.waitUntil`.
    """
    end = time.monotonic() + timeout
    while True:
        result = predicate()
        if result:
            return result
        if time.monotonic() >= end:
            what = message or f"{getattr(predicate, '__name__', predicate)} did not come true"
            raise AssertionError(f"{what} (within {timeout} s; last seen: {result!r})")
        time.sleep(PAUSE)
